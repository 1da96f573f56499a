import { fail } from '../../base/failure.ts'
import { splice } from '../../base/json-span.ts'

/** The text fields of a multipart form, and whether it has files. */
export interface Form {
  readonly fields: ReadonlyMap<string, string>
  readonly hasFiles: boolean
}

/** One part of a form: what its header says, and where its value is. */
interface Part {
  readonly name: string | undefined
  readonly isFile: boolean
  readonly start: number
  readonly end: number
  /** Where the part begins, including its delimiter, and where the next one begins. */
  readonly from: number
  readonly until: number
}

/** Allowance for blanks after a delimiter, including its line break. Clients send none. */
const LONGEST_PADDING = 16
const HEAD_END = Buffer.from('\r\n\r\n')
/** The boundary named in a `multipart/form-data` content type (RFC 2046 section 5.1.1). */
const BOUNDARY = /^multipart\/form-data\b.*;\s*boundary=(?:"([^"]{1,70})"|([^\s;]{1,70}))/i

/** The header line that names the part; other lines may contain `name=` too. */
const DISPOSITION = /\r\ncontent-disposition:([^\r\n]*)/i

/** Reads a form's fields in place and skips files. Undefined if the body is not a form. */
export function readForm(body: Buffer, contentType: string | undefined): Form | undefined {
  const delimiter = delimiterOf(contentType)
  if (delimiter === undefined) return undefined
  const parts = partsOf(body, delimiter)
  const fields = parts.flatMap(({ name, isFile, start, end }) =>
    name === undefined || isFile ? [] : [[name, body.toString('utf8', start, end)] as const],
  )
  return { fields: new Map(fields), hasFiles: parts.some(({ isFile }) => isFile) }
}

/** Forms of the API have dozens. Twenty megabytes of parts without a value would block everybody for seconds. */
const MOST_PARTS = 10_000

/** Throws `invalid_request` for a form of more parts than are read, by how often its boundary occurs. */
export function requireFewParts(body: Buffer, contentType: string | undefined): void {
  const delimiter = delimiterOf(contentType)
  if (delimiter === undefined) return
  let parts = 0
  for (let at = body.indexOf(delimiter); at !== -1; at = body.indexOf(delimiter, at + delimiter.length)) {
    parts += 1
    if (parts > MOST_PARTS) {
      fail({ code: 'invalid_request', detail: `the form has more than ${MOST_PARTS} parts`, param: null })
    }
  }
}

/** Sets the model of a form: replaces the existing one or inserts it first. Undefined if it is no form. */
export function formWithModel(
  body: Buffer,
  contentType: string | undefined,
  model: string,
): Buffer | undefined {
  const delimiter = delimiterOf(contentType)
  const first = delimiter === undefined ? -1 : delimiterIn(body, delimiter, 0)
  if (delimiter === undefined || first === -1) return undefined
  const named = partsOf(body, delimiter).findLast(({ name, isFile }) => name === 'model' && !isFile)
  if (named !== undefined) return splice(body, [{ start: named.start, end: named.end, text: model }])
  const text = `${delimiter}\r\ncontent-disposition: form-data; name="model"\r\n\r\n${model}\r\n`
  return splice(body, [{ start: first, end: first, text }])
}

/** The form with only the last occurrence of each of these fields, the one that was read. */
export function formSaidOnce(
  body: Buffer,
  contentType: string | undefined,
  fields: ReadonlySet<string>,
): Once {
  const delimiter = delimiterOf(contentType)
  const parts = delimiter === undefined ? [] : partsOf(body, delimiter).filter(({ isFile }) => !isFile)
  const last = new Map(parts.map((part) => [part.name, part]))
  const repeated = parts.filter((part) => fields.has(part.name ?? '') && part !== last.get(part.name))
  const edits = repeated.map(({ from, until }) => ({ start: from, end: until, text: '' }))
  return { body: splice(body, edits), changes: [...new Set(repeated.map(({ name }) => `-repeated_${name}`))] }
}

/** A body whose fields, as far as they are read, cannot be read in any other way. */
export interface Once {
  /** The same bytes if nothing was repeated. */
  readonly body: Buffer
  /** What was removed, for `x-trivium-adapted`. */
  readonly changes: readonly string[]
}

/** Undefined for a type that names several boundaries: its upstream might use another one. */
function delimiterOf(contentType: string | undefined): string | undefined {
  if ((contentType?.match(/boundary=/gi)?.length ?? 0) > 1) return undefined
  const [, quoted, plain] = BOUNDARY.exec(contentType ?? '') ?? []
  const boundary = quoted ?? plain
  return boundary === undefined ? undefined : `--${boundary}`
}

/** Delimiters are on lines of their own; look-alikes within a value, or before the first, do not count. */
function delimiterIn(body: Buffer, delimiter: string, from: number): number {
  let at = body.indexOf(delimiter, from)
  while (at !== -1) {
    const end = at + delimiter.length
    const isLine = at === 0 || body.toString('latin1', at - 2, at) === '\r\n'
    if (isLine && /^(?:--|[ \t]*\r\n)/.test(body.toString('latin1', end, end + LONGEST_PADDING))) return at
    at = body.indexOf(delimiter, end)
  }
  return -1
}

function partsOf(body: Buffer, delimiter: string): readonly Part[] {
  const parts: Part[] = []
  let at = delimiterIn(body, delimiter, 0)
  while (at !== -1) {
    const head = at + delimiter.length
    if (body.toString('latin1', head, head + 2) === '--') break
    const next = delimiterIn(body, delimiter, head)
    if (next === -1) break
    // Stop at the end of the part, or a form of many headerless parts would be searched to its end for each
    // of them.
    const headEnd = body.subarray(0, next).indexOf(HEAD_END, head)
    const start = headEnd + HEAD_END.length
    // The line break before the next delimiter belongs to that delimiter.
    const end = next - 2
    if (headEnd !== -1 && start <= end) {
      const said = saidIn(body.toString('utf8', head, headEnd))
      parts.push({ ...said, start, end, from: at, until: next })
    }
    at = next
  }
  return parts
}

function saidIn(head: string): Pick<Part, 'name' | 'isFile'> {
  const [, about = ''] = DISPOSITION.exec(head) ?? []
  const [, quoted, plain] = /[;\s]name\*?=(?:"([^"]*)"|([^\s;]*))/i.exec(about) ?? []
  const name = quoted ?? plain?.replace(/^(?:utf-8'[^']*)?'|'$/gi, '')
  return { name, isFile: /[;\s]filename\*?=/i.test(about) }
}
