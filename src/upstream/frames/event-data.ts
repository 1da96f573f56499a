const DATA = Buffer.from('data:')
const NEWLINE = 0x0a
const CARRIAGE_RETURN = 0x0d
const LETTER_D = 0x64
const LINE_END = /\r\n|\r|\n/

/** Behind an event's last line stand no more bytes than a blank line has. */
const LONGEST_END = 3

/**
 * An event whose data stands on one line, as nearly all have it: then the very same buffer. The data of others may be spread
 * over several lines, which belong together (HTML standard, server-sent events); JSON reads a blank as well between them.
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

/** What each event of a stream says; the last may be cut. */
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

/** What stands in the lines of data. */
export function dataIn(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => (line.startsWith('data:') ? [line.slice(DATA.length)] : []))
}
