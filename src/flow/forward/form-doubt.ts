import type { Doubt } from './doubt.ts'
import { doubt, doubtOfPart, isLikeAscii, type WrittenPart } from './form-part-doubt.ts'

/**
 * Why this form is ambiguous; undefined if it is not. Parsers tolerate different deviations: line breaks,
 * quotes, escapes, missing ends, text around the parts. Only what all of them read alike, which is what
 * official clients write, is let through. `fields` are those that rules depend on.
 */
export function doubtOfForm(
  body: Buffer,
  contentType: string,
  fields: ReadonlySet<string>,
): Doubt | undefined {
  const boundary = boundaryIn(contentType)
  if (boundary === undefined) return doubt('its content type does not state exactly one boundary')
  const parts = partsIn(body, `--${boundary}`)
  if (typeof parts === 'string') return doubt(parts)
  for (const part of parts) {
    const found = doubtOfPart(part, fields)
    if (found !== undefined) return found
  }
  return undefined
}

/** Parameters that end unambiguously: nothing within quotes looks like an escape or another parameter. */
const TYPE =
  /^multipart\/form-data((?:[ \t]*;[ \t]*[\w.+-]+=(?:"[^"\\;\r\n]*"|[\w'+.-]+))+)(?:[ \t]*;)?[ \t]*$/i
const PARAMETER = /;[ \t]*([\w.+-]+)=(?:"([^"]*)"|([^ \t;]*))/g
/** RFC 2046 section 5.1.1. */
const BOUNDARY = /^[\w'()+,./:=? -]{0,69}[\w'()+,./:=?-]$/

function boundaryIn(contentType: string): string | undefined {
  const said = new Map<string, string>()
  const [, written = ''] = TYPE.exec(contentType) ?? []
  for (const [, key = '', quoted, plain = ''] of written.matchAll(PARAMETER)) {
    const name = key.toLowerCase()
    const value = quoted ?? plain
    if (said.has(name) || (name !== 'boundary' && value.includes('='))) return undefined
    said.set(name, value)
  }
  const boundary = said.get('boundary')
  const isPlain = boundary !== undefined && BOUNDARY.test(boundary) && isLikeAscii(said.get('charset'))
  return isPlain ? boundary : undefined
}

const BREAK = '\r\n'

/** All parts, or why the form cannot be split unambiguously. */
function partsIn(form: Buffer, delimiter: string): readonly WrittenPart[] | string {
  const says = (words: string, at: number) => form.toString('latin1', at, at + words.length) === words
  const parts: WrittenPart[] = []
  let at = says(BREAK, 0) ? BREAK.length : 0
  if (!says(delimiter, at)) return 'it does not start with its boundary'
  for (;;) {
    const from = at + delimiter.length
    if (says('--', from)) {
      return ENDING.test(form.toString('latin1', from + 2)) ? parts : 'data follows its closing boundary'
    }
    const headEnd = form.indexOf(HEAD_END, from)
    const next = form.indexOf(delimiter, from)
    if (next === -1) return 'its last part is not terminated'
    const valueEnd = next - BREAK.length
    const isPart = says(BREAK, from) && says(BREAK, valueEnd) && headEnd > from
    const valueStart = headEnd + HEAD_END.length
    if (!isPart || valueStart > valueEnd) return 'its boundary appears where no part starts'
    const head = form.toString('latin1', from + BREAK.length, headEnd)
    parts.push({ head, value: form.subarray(valueStart, valueEnd) })
    at = next
  }
}

const HEAD_END = BREAK + BREAK
/** Some clients end with one line break, some with two. */
const ENDING = /^(?:\r\n){0,2}$/
