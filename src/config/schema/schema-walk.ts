import { z } from 'zod'
import type { KeyPath } from '../file/key-path.ts'

/** The part of JSON schema needed to tell what is allowed at a key. */
interface SchemaNode {
  readonly type?: string
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly additionalProperties?: SchemaNode | boolean
  readonly items?: SchemaNode
  readonly anyOf?: readonly SchemaNode[]
  readonly oneOf?: readonly SchemaNode[]
}

/** Tells what a schema expects at a key, for error messages and for text from the environment. */
export interface SchemaWalk {
  /** The keys allowed in a map at `path`; empty if names are free. */
  keysAt(path: KeyPath): readonly string[]
  /** Whether the value at `path` is a number, a boolean or something else. */
  scalarAt(path: KeyPath): 'number' | 'boolean' | 'other'
}

const walks = new WeakMap<z.ZodType, SchemaWalk>()

/** Walks the schema of a file as people write it, before defaults and units are applied. */
export function walkSchema(schema: z.ZodType): SchemaWalk {
  const known = walks.get(schema)
  if (known !== undefined) return known
  const walk = walkOf(schema)
  walks.set(schema, walk)
  return walk
}

function walkOf(schema: z.ZodType): SchemaWalk {
  const root = z.toJSONSchema(schema, { io: 'input' }) as SchemaNode
  const nodesAt = (path: KeyPath) => path.reduce<readonly SchemaNode[]>(stepInto, variants(root))
  return {
    keysAt: (path) => [...new Set(nodesAt(path).flatMap((node) => Object.keys(node.properties ?? {})))],
    scalarAt(path) {
      const types = new Set(nodesAt(path).map(({ type }) => type))
      if (types.has('number') || types.has('integer')) return 'number'
      return types.has('boolean') ? 'boolean' : 'other'
    },
  }
}

function variants(node: SchemaNode): readonly SchemaNode[] {
  const inner = [...(node.anyOf ?? []), ...(node.oneOf ?? [])]
  return inner.length === 0 ? [node] : inner.flatMap(variants)
}

function stepInto(nodes: readonly SchemaNode[], step: PropertyKey): readonly SchemaNode[] {
  return nodes.flatMap((node) => {
    if (typeof step === 'number') return node.items === undefined ? [] : variants(node.items)
    const free = typeof node.additionalProperties === 'object' ? node.additionalProperties : undefined
    const next = node.properties?.[String(step)] ?? free
    return next === undefined ? [] : variants(next)
  })
}
