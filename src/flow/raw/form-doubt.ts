import { foldKey } from '../../base/folded-key.ts'
import type { Doubt } from './doubt.ts'

/**
 * Why this form could be read in two ways; undefined for one that cannot. Parsers differ in what they forgive: line breaks,
 * quotes, escapes, missing ends, text around the parts. Official clients write what all of them read alike, and nothing
 * else is let through: `fields` are those that rules hang on.
 */
export function doubtOfForm(
  body: Buffer,
  contentType: string,
  fields: ReadonlySet<string>,
): Doubt | undefined {
  const [, quoted, plain] = TYPE.exec(contentType) ?? []
  const boundary = quoted ?? plain
  if (boundary === undefined) return doubt('its content type does not say one boundary, once')
  const heads = headsIn(body, `--${boundary}`)
  if (typeof heads === 'string') return doubt(heads)
  for (const head of heads) {
    const found = doubtOfPart(head, fields)
    if (found !== undefined) return found
  }
  return undefined
}

/** RFC 2046 section 5.1.1. */
const TYPE =
  /^multipart\/form-data(?:\s*;\s*charset="?utf-8"?)?\s*;\s*boundary=(?:"([\w'()+,./:=? -]{0,69}[\w'()+,./:=?-])"|([\w'+.-]{1,70}))\s*$/i

const BREAK = '\r\n'

function doubt(why: string, param: string | null = null): Doubt {
  const field = param === null ? 'the form' : `'${param}'`
  return { detail: `${field} could be read in two ways: ${why}`, param }
}

/** The heads of all parts, or why there are no such. */
function headsIn(form: Buffer, delimiter: string): readonly string[] | string {
  const says = (words: string, at: number) => form.toString('latin1', at, at + words.length) === words
  const heads: string[] = []
  let at = says(BREAK, 0) ? BREAK.length : 0
  if (!says(delimiter, at)) return 'it does not begin with its boundary'
  for (;;) {
    const from = at + delimiter.length
    if (says('--', from)) {
      return ENDING.test(form.toString('latin1', from + 2)) ? heads : 'something stands behind its end'
    }
    const headEnd = form.indexOf(HEAD_END, from)
    const next = form.indexOf(delimiter, from)
    if (next === -1) return 'its last part has no end'
    const valueEnd = next - BREAK.length
    const isPart = says(BREAK, from) && says(BREAK, valueEnd) && headEnd > from
    if (!isPart || headEnd + HEAD_END.length > valueEnd) return 'its boundary stands where no part does'
    heads.push(form.toString('latin1', from + BREAK.length, headEnd))
    at = next
  }
}

const HEAD_END = BREAK + BREAK
/** Some clients end with a line break, some with two. */
const ENDING = /^(?:\r\n){0,2}$/

/** A line of a part's head, without what other parsers may take for a line's end. */
const LINE = /^([\w-]+):[ \t]*([^\r\n\0]*)$/
const DISPOSITION = /^form-data((?:;[ \t]*[\w*]+=(?:"[^"\r\n]*"|[\w.+'%-]+))+)$/i
const PARAMETER = /;[ \t]*([\w*]+)=(?:"([^"]*)"|([^;]*))/g

function doubtOfPart(head: string, fields: ReadonlySet<string>): Doubt | undefined {
  const lines = new Map<string, string>()
  for (const line of head.split(BREAK)) {
    const [, name, value] = LINE.exec(line) ?? []
    if (name === undefined || value === undefined) return doubt("a line of a part's head is none")
    if (lines.has(name.toLowerCase())) return doubt(`a part says ${name} twice`)
    lines.set(name.toLowerCase(), value)
  }
  const [, written = ''] = DISPOSITION.exec(lines.get('content-disposition') ?? '') ?? []
  const parameters = [...written.matchAll(PARAMETER)].map(
    ([, key = '', quoted, plain = '']) => [key, quoted ?? plain] as const,
  )
  const said = new Map(parameters)
  const name = said.get('name')
  const isOdd = parameters.some(([key, value]) => !SAID.has(key) || value.endsWith('\\'))
  if (name === undefined || isOdd || said.size < parameters.length || /[\\\p{Cc}]/u.test(name)) {
    return doubt('a part does not say its name once, and plainly')
  }
  return doubtOfField(name, said.size > 1, lines, fields)
}

/** What a part may say of itself: a name, and of a file its own name in one spelling or two. */
const SAID: ReadonlySet<string> = new Set(['name', 'filename', 'filename*'])

function doubtOfField(
  name: string,
  isFile: boolean,
  lines: ReadonlyMap<string, string>,
  fields: ReadonlySet<string>,
): Doubt | undefined {
  const meant = meaningOf(name)
  if (meant === CHARSET_FIELD) return doubt('a field of it changes the charset of the others', name)
  if (!fields.has(meant) || FILES.has(meant)) return undefined
  if (name !== meant) return doubt(`'${name}' is nearly its name`, meant)
  if (isFile) return doubt('it comes as a file', meant)
  const { type = 'text/plain', coding = '8bit' } = {
    type: lines.get('content-type'),
    coding: lines.get('content-transfer-encoding'),
  }
  if (!TEXT.test(type) || !PLAIN_CODING.test(coding))
    return doubt('it comes as something else than text', meant)
  return undefined
}

/** A field by this name says in which charset the others are (HTML, "multipart form data"). */
const CHARSET_FIELD = '_charset_'

/** They come as files, one or many. */
const FILES: ReadonlySet<string> = new Set(['image', 'images'])

const TEXT = /^text\/plain(?:\s*;\s*charset="?(?:utf-8|us-ascii)"?)?$/i
const PLAIN_CODING = /^(?:7bit|8bit|binary)$/i

/** The field an upstream may take this name for: without escapes, brackets (`n[]`, `n[0]`), case and signs. */
function meaningOf(name: string): string {
  const unescaped = name.replace(/%([0-9a-f]{2})/gi, (_, code) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  )
  return foldKey(Buffer.from(unescaped, 'latin1').toString().normalize('NFKC'))
    .replace(/\[.*$/s, '')
    .replace(/[^a-z0-9_]/g, '')
}
