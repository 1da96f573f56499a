import { z } from 'zod'
import { Settings } from './schema.ts'

/** `${NAME}` is allowed wherever a scalar is; its resolved value is validated on load. */
const REFERENCE = { type: 'string', pattern: '\\$\\{[A-Za-z_]' }

/**
 * JSON schema of the configuration file as people write it, for editors: the text of
 * `config/trivium.schema.json`. `trivium check --print-schema` prints it.
 */
export function editorSchema(): string {
  const schema = z.toJSONSchema(Settings, {
    io: 'input',
    reused: 'inline',
    override({ jsonSchema }) {
      if (!isNarrow(jsonSchema)) return
      const { description, title, default: fallback, ...narrow } = { ...jsonSchema }
      for (const key of Object.keys(jsonSchema)) delete jsonSchema[key]
      Object.assign(jsonSchema, { description, title, default: fallback, anyOf: [narrow, REFERENCE] })
    },
  })
  return `${JSON.stringify({ ...schema, $id: 'trivium.schema.json', title: 'Trivium configuration' }, null, 2)}\n`
}

/** Whether a scalar's schema would reject the text of a reference. */
function isNarrow({ type, pattern, format, enum: values }: z.core.JSONSchema.BaseSchema): boolean {
  if (type === 'string') return (pattern ?? format ?? values) !== undefined
  return type === 'number' || type === 'integer' || type === 'boolean'
}
