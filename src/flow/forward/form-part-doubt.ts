import { foldKey } from '../../base/folded-key.ts'
import type { Doubt } from './doubt.ts'

/** A part as written: its header lines, one character per byte, and its value. */
export interface WrittenPart {
  readonly head: string
  readonly value: Buffer
}

/** The doubt about an ambiguous form: why, and which field. */
export function doubt(why: string, param: string | null = null): Doubt {
  const field = param === null ? 'the form' : `'${param}'`
  return { detail: `${field} could be read in two ways: ${why}`, param }
}

/** Many parsers accept no longer headers, and on megabytes the expressions below overflow the stack. */
const LONGEST_HEAD = 16_384

/** A header line of a part, without anything other parsers may take for a line end. */
const LINE = /^([\w-]+):[ \t]*([^\r\n\0]*)$/
const DISPOSITION = /^form-data((?:;[ \t]*[\w*]+=(?:"(?:[^"\\]|\\.)*"|[\w.+'%-]+))+)$/i
const PARAMETER = /;[ \t]*([\w*]+)=(?:"((?:[^"\\]|\\.)*)"|([^;]*))/g

/** Why parsers could take this part for different fields, or read one of `fields` differently. */
export function doubtOfPart({ head, value }: WrittenPart, fields: ReadonlySet<string>): Doubt | undefined {
  if (head.length > LONGEST_HEAD) return doubt("a part's headers are longer than parsers accept")
  const lines = new Map<string, string>()
  for (const line of head.split('\r\n')) {
    const [, name, text] = LINE.exec(line) ?? []
    if (name === undefined || text === undefined) return doubt('a part has a malformed header line')
    if (lines.has(name.toLowerCase())) return doubt(`a part has two ${name} headers`)
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
    return doubt('a part does not state its name exactly once and in plain form')
  }
  return doubtOfField({ name, isFile: said.size > 1, lines, value }, fields)
}

/** The parameters a part may have: its name, and for a file the filename in one or both spellings. */
const SAID: ReadonlySet<string> = new Set(['name', 'filename', 'filename*'])

/**
 * Some writers escape quotes in a filename with a backslash, and some parsers end the filename at such a
 * quote. So the field's name must come first, and nothing after the quote may look like another one.
 */
function namesAnother(parameters: string): boolean {
  const escaped = parameters.indexOf('\\"')
  if (escaped === -1) return false
  return !/^;[ \t]*name=/.test(parameters) || /(?<!file)name\W*=/i.test(parameters.slice(escaped))
}

/** A part whose name is beyond doubt. */
interface NamedPart {
  readonly name: string
  readonly isFile: boolean
  /** Its headers, by name in lower case. */
  readonly lines: ReadonlyMap<string, string>
  readonly value: Buffer
}

function doubtOfField(
  { name, isFile, lines, value }: NamedPart,
  fields: ReadonlySet<string>,
): Doubt | undefined {
  const meant = meaningOf(name)
  if (meant === CHARSET_FIELD) return doubt('this field changes the charset of the others', name)
  if (!fields.has(meant) || FILES.has(meant)) return undefined
  if (name !== meant) return doubt(`'${name}' is almost its name`, meant)
  if (isFile) return doubt('it is sent as a file', meant)
  const { type = 'text/plain', coding = '8bit' } = {
    type: lines.get('content-type'),
    coding: lines.get('content-transfer-encoding'),
  }
  if (!PLAIN_CODING.test(coding) || !isReadAlike(type, value, PROSE.has(meant)))
    return doubt('it is not sent as plain text', meant)
  return undefined
}

/** A field of this name sets the charset of the others (HTML, "multipart form data"). */
const CHARSET_FIELD = '_charset_'

/** These come as files, one or many. */
const FILES: ReadonlySet<string> = new Set(['image', 'images'])

/** No rule depends on their text, only on how many there are. */
const PROSE: ReadonlySet<string> = new Set(['prompt', 'input'])

const PLAIN_CODING = /^(?:7bit|8bit|binary)$/i
const UTF8_TEXT = /^text\/plain(?:\s*;\s*charset="?(?:utf-8|us-ascii)"?)?$/i
/** Types that libraries give a plain word: `text/plain; charset=ISO-8859-1`, `application/json`, others. */
const TYPE = /^[\w.+-]+\/[\w.+-]+(?:\s*;\s*(?:charset="?([\w.:-]+)"?)?)?$/i
/** Model names, numbers and flags: the same in every ASCII-compatible charset, as JSON, and escaped. */
const WORD = /^[\w.:@/-]*$/

function isReadAlike(type: string, value: Buffer, isProse: boolean): boolean {
  if (UTF8_TEXT.test(type)) return true
  const [whole, charset] = TYPE.exec(type) ?? []
  if (whole === undefined || !isLikeAscii(charset)) return false
  const text = value.toString('latin1')
  // Read as JSON, a list would be several prompts.
  if (isProse) return !/^\s*[[{]/.test(text)
  return WORD.test(text) && text !== 'null'
}

/** Whether this charset is ASCII-compatible; the default is. */
export function isLikeAscii(charset = 'utf-8'): boolean {
  return LIKE_ASCII.test(charset)
}

const LIKE_ASCII =
  /^(?:utf-?8|(?:us-)?ascii|iso-?8859-\d{1,2}|latin-?\d|(?:windows-|cp)(?:125\d|874)|gbk|gb2312|gb18030|big5|euc-(?:jp|kr)|shift_jis|koi8-[ru])$/i

/** The field an upstream may read in this name, ignoring escapes, brackets (`n[]`), case and punctuation. */
function meaningOf(name: string): string {
  const unescaped = name.replace(/%([0-9a-f]{2})/gi, (_, code) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  )
  return foldKey(Buffer.from(unescaped, 'latin1').toString().normalize('NFKC'))
    .replace(/\[.*$/s, '')
    .replace(/[^a-z0-9_]/g, '')
}
