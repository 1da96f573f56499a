import { z } from 'zod'
import { Settings } from './schema.ts'

/**
 * JSON schema of the configuration file as people write it, for editors: the text of `config/trivium.schema.json`.
 * `trivium check --print-schema` prints it.
 */
export function editorSchema(): string {
  const schema = {
    ...z.toJSONSchema(Settings, { io: 'input', reused: 'inline' }),
    $id: 'trivium.schema.json',
    title: 'Trivium configuration',
  }
  return `${JSON.stringify(schema, null, 2)}\n`
}
