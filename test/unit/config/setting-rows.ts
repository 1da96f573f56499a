import { z } from 'zod'
import { Settings } from '../../../src/config/schema/schema.ts'

/** One row of `docs/configuration.md`, as derived from the schema. */
export interface SettingRow {
  readonly key: string
  readonly row: string
}

interface Node {
  readonly type?: string
  readonly title?: string
  readonly description?: string
  readonly default?: unknown
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly properties?: Readonly<Record<string, Node>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Node | boolean
  readonly items?: Node
  readonly anyOf?: readonly Node[]
  readonly oneOf?: readonly Node[]
}

/** Every key of the configuration, in the order of the schema: `teams.NAME.keys[].sha256` and so on. */
export function settingRows(): readonly SettingRow[] {
  const root = z.toJSONSchema(Settings, { io: 'input', reused: 'inline' }) as Node
  const rows = new Map<string, SettingRow>()
  visit(root, '', rows)
  return [...rows.values()]
}

function visit(node: Node, path: string, rows: Map<string, SettingRow>): void {
  for (const variant of [...(node.anyOf ?? []), ...(node.oneOf ?? [])]) visit(variant, path, rows)
  if (typeof node.additionalProperties === 'object') visit(node.additionalProperties, `${path}.NAME`, rows)
  if (node.items !== undefined) visit(node.items, `${path}[]`, rows)
  for (const [name, inner] of Object.entries(node.properties ?? {})) {
    const key = path === '' ? name : `${path}.${name}`
    if (inner.description !== undefined) {
      const fallback = defaultOf(inner, node.required?.includes(name) ?? false)
      const row = `| \`${key}\` | ${typeOf(inner)} | ${fallback} | ${inner.description.replaceAll('|', '\\|')} |`
      rows.set(key, { key, row })
    }
    // A tier's rates repeat the keys of `price`.
    if (inner.title !== 'rates') visit(inner, key, rows)
  }
}

function typeOf(node: Node): string {
  if (node.title !== undefined) return node.title
  if (node.enum !== undefined) {
    const values = node.enum.map((value) => `\`${value}\``)
    return values.length > 8 ? 'name' : values.join(', ')
  }
  const variants = [...(node.anyOf ?? []), ...(node.oneOf ?? [])]
  const scalars = variants.filter(({ properties }) => properties === undefined)
  if (scalars.length > 0) return scalars.map(typeOf).join(' or ')
  if (node.const !== undefined) return `\`${node.const}\``
  if (node.items !== undefined)
    return `list of ${node.items.properties === undefined ? `${typeOf(node.items)}s` : 'maps'}`
  if (node.properties !== undefined || node.additionalProperties !== undefined || variants.length > 0)
    return 'map'
  return { string: 'text', integer: 'whole number' }[node.type ?? ''] ?? node.type ?? ''
}

function defaultOf(node: Node, required: boolean): string {
  if (node.default === undefined) return required ? '**required**' : '—'
  const { default: value } = node
  if (typeof value === 'object')
    return JSON.stringify(value) === '{}' ? '—' : `\`${JSON.stringify(value).replaceAll(',', ', ')}\``
  return value === '' ? 'empty' : `\`${value}\``
}
