const NEWLINE = 0x0a
const CARRIAGE_RETURN = 0x0d

const BLANK_LINE = Buffer.from('\n\n')
/** After a line that ends in either kind of newline. */
const BLANK_LINE_CRLF = Buffer.from('\n\r\n')
const BLANK_LINE_CR = Buffer.from('\r\r')

/** What ends the lines of a stream: newlines, each with or without a carriage return before it, or those alone. */
export type LineEnd = 'newline' | 'carriage return'

/** A blank line may be split between chunks, anywhere within these bytes. */
export const LONGEST_BLANK_LINE = BLANK_LINE_CRLF.length

/** What ends the lines of a stream that begins like this; undefined while undecidable. */
export function lineEndOf(beginning: Buffer): LineEnd | undefined {
  if (beginning.includes(NEWLINE)) return 'newline'
  // The last byte may be half of a CRLF.
  const alone = beginning.indexOf(CARRIAGE_RETURN)
  return alone === -1 || alone === beginning.length - 1 ? undefined : 'carriage return'
}

/**
 * The offset after the next frame's end, or -1. One newline may follow a carriage return and the next not:
 * gateways write comments of their own between the frames of an upstream.
 */
export function endOfFrame(bytes: Buffer, from: number, lineEnd: LineEnd): number {
  if (lineEnd === 'carriage return') {
    const at = bytes.indexOf(BLANK_LINE_CR, from)
    return at === -1 ? -1 : at + BLANK_LINE_CR.length
  }
  // Searching for one byte takes a tenth of the time of searching for two.
  for (let at = bytes.indexOf(NEWLINE, from); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) {
    if (bytes[at + 1] === NEWLINE) return at + 2
    if (bytes[at + 1] === CARRIAGE_RETURN && bytes[at + 2] === NEWLINE) return at + 3
  }
  return -1
}

/**
 * Whether line ends differ from the stream's first. If a stream begins with lone carriage returns, it depends
 * on the chunking whether that is noticed in time.
 */
export function endsLinesOtherwise(frame: Buffer, lineEnd: LineEnd | undefined): boolean {
  return lineEnd === 'carriage return' && frame.includes(NEWLINE)
}

/** Whether a frame ends somewhere in these bytes, whatever ends its lines. */
export function holdsBlankLine(bytes: Buffer): boolean {
  return [BLANK_LINE, BLANK_LINE_CRLF, BLANK_LINE_CR].some((blankLine) => bytes.includes(blankLine))
}
