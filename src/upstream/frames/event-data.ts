const DATA = Buffer.from('data:')
const NEWLINE = 0x0a
const CARRIAGE_RETURN = 0x0d
const LETTER_D = 0x64
const LINE_END = /\r\n|\r|\n/

/** At most this many bytes, those of a blank line, follow an event's last line. */
const LONGEST_END = 3

/**
 * Returns the very same buffer for an event whose data is on one line, as nearly all have it. Otherwise joins
 * the data lines, which belong together (HTML standard, server-sent events); JSON allows a blank between
 * them.
 */
export function onOneLine(frame: Buffer): Buffer {
  const data = frame[0] === LETTER_D ? 0 : frame.indexOf(DATA)
  if (data === -1) return frame
  const newline = frame.indexOf(NEWLINE, data)
  const end = newline === -1 ? frame.indexOf(CARRIAGE_RETURN, data) : newline
  if (end === -1 || end >= frame.length - LONGEST_END) return frame
  const lines = frame.toString('utf8').split(LINE_END)
  const names = lines.filter((line) => line.startsWith('event:'))
  return Buffer.from([...names, `data: ${dataIn(lines).join(' ')}`, '', ''].join('\n'))
}

/** The data of each event in a stream; the last may be truncated. */
export function dataOfEvents(stream: string): readonly string[] {
  const said: string[] = []
  let lines: string[] = []
  for (const line of stream.split(LINE_END)) {
    if (line.startsWith('data:')) lines.push(line.slice(DATA.length))
    else if (line === '' && lines.length > 0) {
      said.push(lines.join(' '))
      lines = []
    }
  }
  return lines.length === 0 ? said : [...said, lines.join(' ')]
}

/** The contents of the data lines. */
export function dataIn(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => (line.startsWith('data:') ? [line.slice(DATA.length)] : []))
}
