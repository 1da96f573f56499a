const NEWLINE = 0x0a
const CARRIAGE_RETURN = 0x0d

/** The blank line that ends a frame, in a stream's own style. */
export type BlankLine = Buffer

export const BLANK_LINE: BlankLine = Buffer.from('\n\n')
const BLANK_LINE_CRLF: BlankLine = Buffer.from('\r\n\r\n')
const BLANK_LINE_CR: BlankLine = Buffer.from('\r\r')

/** The line-end style of a stream, from its beginning; undefined while undecidable. */
export function blankLineOf(beginning: Buffer): BlankLine | undefined {
  const newline = beginning.indexOf(NEWLINE)
  if (newline === -1) {
    // The last byte may be half of a CRLF.
    const alone = beginning.indexOf(CARRIAGE_RETURN)
    return alone === -1 || alone === beginning.length - 1 ? undefined : BLANK_LINE_CR
  }
  return beginning[newline - 1] === CARRIAGE_RETURN ? BLANK_LINE_CRLF : BLANK_LINE
}

/** The offset after the next frame's end, or -1. */
export function endOfFrame(bytes: Buffer, from: number, blankLine: BlankLine): number {
  if (blankLine !== BLANK_LINE) {
    const at = bytes.indexOf(blankLine, from)
    return at === -1 ? -1 : at + blankLine.length
  }
  // Searching for one byte takes a tenth of the time of searching for two.
  for (let at = bytes.indexOf(NEWLINE, from); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) {
    if (bytes[at + 1] === NEWLINE) return at + 2
  }
  return -1
}

/**
 * Whether line ends differ from the stream's first. If a stream begins with lone carriage returns, it depends
 * on the chunking whether that is noticed in time.
 */
export function endsLinesOtherwise(frame: Buffer, blankLine: BlankLine | undefined): boolean {
  return blankLine === BLANK_LINE_CR && frame.includes(NEWLINE)
}

/** Whether a frame ends somewhere in these bytes, whatever ends its lines. */
export function holdsBlankLine(bytes: Buffer): boolean {
  return [BLANK_LINE, BLANK_LINE_CRLF, BLANK_LINE_CR].some((blankLine) => bytes.includes(blankLine))
}
