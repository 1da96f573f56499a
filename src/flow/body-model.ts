import { hasMoreValues, MOST_VALUES } from '../base/json-size.ts'
import { membersOf, rootOf, splice } from '../base/json-span.ts'
import { looselyParsed, membersIn } from '../base/loose-json.ts'

const OPEN_BRACE = 0x7b

/** The body with the model from its path, if it names none itself, as Azure clients may. */
export function withDefaultModel(body: Buffer, model: string): Buffer {
  // Too many values: whoever parses it next refuses it.
  if (hasMoreValues(body, MOST_VALUES)) return body
  const { model: named } = membersIn(looselyParsed(body))
  return typeof named === 'string' && named !== '' ? body : (withModel(body, model) ?? body)
}

/**
 * Sets the model of a JSON body: replaces the existing name or inserts it as first member. Returns the same
 * bytes if nothing need change; undefined if the body is not a JSON object, or has too many values to be parsed.
 */
export function withModel(body: Buffer, model: string): Buffer | undefined {
  const root = rootOf(body)
  if (body[root] !== OPEN_BRACE || hasMoreValues(body, MOST_VALUES)) return undefined
  if (looselyParsed(body) === undefined) return undefined
  const members = membersOf(body, root)
  const text = JSON.stringify(model)
  // Parsers take the last of duplicate keys.
  const named = members.findLast(({ key }) => key === 'model')
  if (named === undefined) {
    const insertion = `"model":${text}${members.length === 0 ? '' : ','}`
    return splice(body, [{ start: root + 1, end: root + 1, text: insertion }])
  }
  const { start, end } = named
  return body.toString('utf8', start, end) === text ? body : splice(body, [{ start, end, text }])
}
