import { splice } from '../../base/json-span.ts'

/** What a multipart form says in words, and whether it brings files. */
export interface Form {
  readonly fields: ReadonlyMap<string, string>
  readonly hasFiles: boolean
}

/** One part of a form: what its head says, and where its value stands. */
interface Part {
  readonly name: string | undefined
  readonly isFile: boolean
  readonly start: number
  readonly end: number
  /** Where the part itself begins, with its delimiter, and where the next one does. */
  readonly from: number
  readonly until: number
}

/** Blanks behind a delimiter, with its line break: nobody writes any. */
const LONGEST_PADDING = 16
const HEAD_END = Buffer.from('\r\n\r\n')
/** The boundary a `multipart/form-data` content type names (RFC 2046 section 5.1.1). */
const BOUNDARY = /^multipart\/form-data\b.*;\s*boundary=(?:"([^"]{1,70})"|([^\s;]{1,70}))/i

/** The line that says what a part is; others may speak of names as well. */
const DISPOSITION = /\r\ncontent-disposition:([^\r\n]*)/i

/** Reads a form's fields where they stand; files are passed over. Undefined for what is no form. */
export function readForm(body: Buffer, contentType: string | undefined): Form | undefined {
  const delimiter = delimiterOf(contentType)
  if (delimiter === undefined) return undefined
  const parts = partsOf(body, delimiter)
  const fields = parts.flatMap(({ name, isFile, start, end }) =>
    name === undefined || isFile ? [] : [[name, body.toString('utf8', start, end)] as const],
  )
  return { fields: new Map(fields), hasFiles: parts.some(({ isFile }) => isFile) }
}

/** A form that names this model, in place of the name it has or before everything else. Undefined for what is no form. */
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

/** A form in which each of these fields stands once: the last one, as it was read. */
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

/** A body of which no field that is read can be read otherwise. */
export interface Once {
  /** The same bytes where nothing was repeated. */
  readonly body: Buffer
  /** What was left out, for `x-trivium-adapted`. */
  readonly changes: readonly string[]
}

/** None for a type that names several boundaries: its upstream might go by another one. */
function delimiterOf(contentType: string | undefined): string | undefined {
  if ((contentType?.match(/boundary=/gi)?.length ?? 0) > 1) return undefined
  const [, quoted, plain] = BOUNDARY.exec(contentType ?? '') ?? []
  const boundary = quoted ?? plain
  return boundary === undefined ? undefined : `--${boundary}`
}

/** Delimiters stand on lines of their own: words that look like one within a value, or before the first, are none. */
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
    // No further than the part goes: a form of many parts without heads would be searched to its end for each of them.
    const headEnd = body.subarray(0, next).indexOf(HEAD_END, head)
    const start = headEnd + HEAD_END.length
    // A value ends with the line break that belongs to the next delimiter.
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
