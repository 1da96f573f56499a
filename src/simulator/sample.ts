type Schema = Readonly<Record<string, unknown>>

const DEEPEST = 12

/** Names with an obvious plausible value; they make the demo's tool calls readable. */
const KNOWN: Readonly<Record<string, string>> = {
  city: 'Lyon',
  location: 'Lyon',
  country: 'France',
  unit: 'celsius',
  date: '2026-11-21',
  name: 'Ada Lovelace',
  email: 'ada@example.org',
  query: 'weather tomorrow',
  title: 'A short title',
}

/** A deterministic value that a JSON schema accepts, for the subset of schemas that models are given. */
export function sampleOf(schema: Schema, name = '', root: Schema = schema, depth = 0): unknown {
  if ('const' in schema) return schema.const
  if (Array.isArray(schema.enum)) return schema.enum[0]
  if (typeof schema.$ref === 'string') return sampleOf(resolve(schema.$ref, root), name, root, depth + 1)
  const [option] = [schema.anyOf, schema.oneOf, schema.allOf].filter(Array.isArray).flat()
  if (isSchema(option)) return sampleOf(option, name, root, depth + 1)
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  switch (type) {
    case 'object':
      return depth > DEEPEST ? {} : sampleObject(schema, root, depth)
    case 'array': {
      const items = schema.items
      return isSchema(items) && depth <= DEEPEST ? [sampleOf(items, name, root, depth + 1)] : []
    }
    case 'integer':
    case 'number':
      return typeof schema.minimum === 'number' ? schema.minimum : 42
    case 'boolean':
      return true
    case 'null':
      return null
    default:
      return KNOWN[name.toLowerCase()] ?? 'sample'
  }
}

function sampleObject(schema: Schema, root: Schema, depth: number): Record<string, unknown> {
  const properties = schema.properties
  if (!isSchema(properties)) return {}
  return Object.fromEntries(
    Object.entries(properties).map(([key, value]) => [
      key,
      isSchema(value) ? sampleOf(value, key, root, depth + 1) : null,
    ]),
  )
}

/** Follows a local reference such as `#/$defs/step`. */
function resolve(reference: string, root: Schema): Schema {
  let at: unknown = root
  for (const key of reference.replace(/^#\/?/, '').split('/').filter(Boolean)) {
    at = isSchema(at) ? at[key] : undefined
  }
  return isSchema(at) ? at : {}
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
