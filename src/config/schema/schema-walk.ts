import { z } from 'zod'
import type { KeyPath } from '../file/key-path.ts'

/** As much of a JSON schema as is needed to say what may stand at a key. */
interface SchemaNode {
  readonly type?: string
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly additionalProperties?: SchemaNode | boolean
  readonly items?: SchemaNode
  readonly anyOf?: readonly SchemaNode[]
  readonly oneOf?: readonly SchemaNode[]
}

/** Answers what a schema expects at a key, for error messages and for texts from the environment. */
export interface SchemaWalk {
  /** The keys a map at `path` may hold; none where names are free. */
  keysAt(path: KeyPath): readonly string[]
  /** Whether the value at `path` is a number, a boolean or something else. */
  scalarAt(path: KeyPath): 'number' | 'boolean' | 'other'
}

const walks = new WeakMap<z.ZodType, SchemaWalk>()

/** Walks the shape a file may have, as people write it: before defaults and units are applied. */
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
