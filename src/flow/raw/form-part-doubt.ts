import { foldKey } from '../../base/folded-key.ts'
import type { Doubt } from './doubt.ts'

/** A part as it stands in its form: the lines about it, a character for each byte, and what it says. */
export interface WrittenPart {
  readonly head: string
  readonly value: Buffer
}

/** What is told of a form that could be read in two ways: why, and of which field. */
export function doubt(why: string, param: string | null = null): Doubt {
  const field = param === null ? 'the form' : `'${param}'`
  return { detail: `${field} could be read in two ways: ${why}`, param }
}

/** Many parsers read no longer heads, and the expressions below would run out of stack on heads of megabytes. */
const LONGEST_HEAD = 16_384

/** A line of a part's head, without what other parsers may take for a line's end. */
const LINE = /^([\w-]+):[ \t]*([^\r\n\0]*)$/
const DISPOSITION = /^form-data((?:;[ \t]*[\w*]+=(?:"(?:[^"\\]|\\.)*"|[\w.+'%-]+))+)$/i
const PARAMETER = /;[ \t]*([\w*]+)=(?:"((?:[^"\\]|\\.)*)"|([^;]*))/g

/** Why two parsers could take this part for different fields, or read different values of one of `fields` in it. */
export function doubtOfPart({ head, value }: WrittenPart, fields: ReadonlySet<string>): Doubt | undefined {
  if (head.length > LONGEST_HEAD) return doubt("a part's head is longer than parsers read")
  const lines = new Map<string, string>()
  for (const line of head.split('\r\n')) {
    const [, name, text] = LINE.exec(line) ?? []
    if (name === undefined || text === undefined) return doubt("a line of a part's head is none")
    if (lines.has(name.toLowerCase())) return doubt(`a part says ${name} twice`)
    lines.set(name.toLowerCase(), text)
  }
  const [, written = ''] = DISPOSITION.exec(lines.get('content-disposition') ?? '') ?? []
  const parameters = [...written.matchAll(PARAMETER)].map(
    ([, key = '', quoted, plain = '']) => [key, quoted ?? plain] as const,
  )
  const said = new Map(parameters)
  const name = said.get('name')
  const isOdd = parameters.some(([key]) => !SAID.has(key)) || namesAnother(written)
  if (name === undefined || isOdd || said.size < parameters.length || /[\\\p{Cc}]/u.test(name)) {
    return doubt('a part does not say its name once, and plainly')
  }
  return doubtOfField(name, said.size > 1, lines, value, fields)
}

/** What a part may say of itself: a name, and of a file its own name in one spelling or two. */
const SAID: ReadonlySet<string> = new Set(['name', 'filename', 'filename*'])

/**
 * Some writers put a backslash before quotes within a file's name, and some parsers end the name at such a quote: behind it
 * nothing may look like a field's name, which has to stand before.
 */
function namesAnother(parameters: string): boolean {
  const escaped = parameters.indexOf('\\"')
  if (escaped === -1) return false
  return !/^;[ \t]*name=/.test(parameters) || /(?<!file)name\W*=/i.test(parameters.slice(escaped))
}

function doubtOfField(
  name: string,
  isFile: boolean,
  lines: ReadonlyMap<string, string>,
  value: Buffer,
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
  if (!PLAIN_CODING.test(coding) || !isReadAlike(type, value, PROSE.has(meant)))
    return doubt('it comes as something else than text', meant)
  return undefined
}

/** A field by this name says in which charset the others are (HTML, "multipart form data"). */
const CHARSET_FIELD = '_charset_'

/** They come as files, one or many. */
const FILES: ReadonlySet<string> = new Set(['image', 'images'])

/** No rule hangs on their words, only on how many there are of them. */
const PROSE: ReadonlySet<string> = new Set(['prompt', 'input'])

const PLAIN_CODING = /^(?:7bit|8bit|binary)$/i
const UTF8_TEXT = /^text\/plain(?:\s*;\s*charset="?(?:utf-8|us-ascii)"?)?$/i
/** Libraries call a word whatever their defaults are: `text/plain; charset=ISO-8859-1`, `application/json`, and so on. */
const TYPE = /^[\w.+-]+\/[\w.+-]+(?:\s*;\s*(?:charset="?([\w.:-]+)"?)?)?$/i
/** Names of models, numbers and flags: the same in every charset that holds ASCII, and nothing else as JSON or escaped. */
const WORD = /^[\w.:@/-]*$/

function isReadAlike(type: string, value: Buffer, isProse: boolean): boolean {
  if (UTF8_TEXT.test(type)) return true
  const [whole, charset] = TYPE.exec(type) ?? []
  if (whole === undefined || !isLikeAscii(charset)) return false
  const text = value.toString('latin1')
  // As JSON, a list would be several prompts.
  if (isProse) return !/^\s*[[{]/.test(text)
  return WORD.test(text) && text !== 'null'
}

/** Whether ASCII is itself in this charset; where none is said, it is. */
export function isLikeAscii(charset = 'utf-8'): boolean {
  return LIKE_ASCII.test(charset)
}

const LIKE_ASCII =
  /^(?:utf-?8|(?:us-)?ascii|iso-?8859-\d{1,2}|latin-?\d|(?:windows-|cp)(?:125\d|874)|gbk|gb2312|gb18030|big5|euc-(?:jp|kr)|shift_jis|koi8-[ru])$/i

/** The field an upstream may take this name for: without escapes, brackets (`n[]`, `n[0]`), case and signs. */
function meaningOf(name: string): string {
  const unescaped = name.replace(/%([0-9a-f]{2})/gi, (_, code) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  )
  return foldKey(Buffer.from(unescaped, 'latin1').toString().normalize('NFKC'))
    .replace(/\[.*$/s, '')
    .replace(/[^a-z0-9_]/g, '')
}
