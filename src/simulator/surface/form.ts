import { invalid } from '../wire-error.ts'
import { type Ask, Refused } from './answer.ts'

/**
 * A multipart form as the platform's own parser reads it. Repeated names become lists; a trailing `[]` is
 * dropped.
 */
export async function formOf({ call }: Ask): Promise<Readonly<Record<string, unknown>>> {
  const type = call.headers['content-type'] ?? ''
  const read = new Response(new Uint8Array(call.body), { headers: { 'content-type': type } }).formData()
  const form = await read.catch(() => {
    throw new Refused(invalid('Could not parse multipart form', null, null))
  })
  const fields: Record<string, unknown> = {}
  for (const name of new Set(form.keys())) {
    const values = form.getAll(name)
    fields[name.replace(/\[\]$/, '')] = values.length > 1 || name.endsWith('[]') ? values : values[0]
  }
  return fields
}
