/** What a multipart form says in words, and whether it brings files. */
export interface Form {
  readonly fields: ReadonlyMap<string, string>
  readonly hasFiles: boolean
}

const HEAD_END = Buffer.from('\r\n\r\n')
/** The boundary a `multipart/form-data` content type names (RFC 2046 section 5.1.1). */
const BOUNDARY = /^multipart\/form-data\b.*;\s*boundary=(?:"([^"]{1,70})"|([^\s;]{1,70}))/i

/** Reads a form's fields where they stand; files are passed over. Undefined for what is no form. */
export function readForm(body: Buffer, contentType: string | undefined): Form | undefined {
  const [, quoted, plain] = BOUNDARY.exec(contentType ?? '') ?? []
  const boundary = quoted ?? plain
  if (boundary === undefined) return undefined
  const delimiter = Buffer.from(`--${boundary}`)
  const fields = new Map<string, string>()
  let hasFiles = false
  let start = body.indexOf(delimiter)
  while (start !== -1) {
    const head = start + delimiter.length
    const end = body.indexOf(delimiter, head)
    const text = body.indexOf(HEAD_END, head)
    if (end === -1 || text === -1) break
    const about = body.toString('utf8', head, Math.min(text, end))
    const name = /[;\s]name="([^"]*)"/i.exec(about)?.[1]
    if (/[;\s]filename\*?=/i.test(about)) hasFiles = true
    // A value ends with the line break that belongs to the next delimiter.
    else if (name !== undefined && text < end) {
      fields.set(name, body.toString('utf8', text + HEAD_END.length, end - 2))
    }
    start = end
  }
  return { fields, hasFiles }
}
