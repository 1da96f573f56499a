import { membersOf, rootOf, splice } from '../base/json-span.ts'
import { looselyParsed, membersIn } from '../base/loose-json.ts'

const OPEN_BRACE = 0x7b

/** The body with the model its path names, where it names none itself, as clients of Azure may leave it. */
export function withDefaultModel(body: Buffer, model: string): Buffer {
  const { model: named } = membersIn(looselyParsed(body))
  return typeof named === 'string' && named !== '' ? body : (withModel(body, model) ?? body)
}

/**
 * A JSON body that names this model: in place of the name it has, or as a first member where it has none. The same bytes
 * where nothing need change; undefined for what is no JSON object.
 */
export function withModel(body: Buffer, model: string): Buffer | undefined {
  if (looselyParsed(body) === undefined) return undefined
  const root = rootOf(body)
  if (body[root] !== OPEN_BRACE) return undefined
  const members = membersOf(body, root)
  const text = JSON.stringify(model)
  // Of a key that is written twice, parsers take the last.
  const named = members.findLast(({ key }) => key === 'model')
  if (named === undefined) {
    const insertion = `"model":${text}${members.length === 0 ? '' : ','}`
    return splice(body, [{ start: root + 1, end: root + 1, text: insertion }])
  }
  const { start, end } = named
  return body.toString('utf8', start, end) === text ? body : splice(body, [{ start, end, text }])
}
