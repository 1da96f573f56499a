import { membersOf } from '../../base/json-span.ts'

const EVENT = Buffer.from('event:')
const TYPE = Buffer.from('"type"')

const NEWLINE = 0x0a
const CARRIAGE_RETURN = 0x0d
const QUOTE = 0x22
const OPEN_BRACE = 0x7b
const SPACE = 0x20

/** The event's name from its own line. Clients go by the data's type, which may differ or stand alone. */
export function nameOf(frame: Buffer): string | undefined {
  if (!frame.subarray(0, EVENT.length).equals(EVENT)) return undefined
  let end = EVENT.length
  while (end < frame.length && frame[end] !== NEWLINE && frame[end] !== CARRIAGE_RETURN) end += 1
  return frame.toString('latin1', EVENT.length, end).trim()
}

/** The type in the data; if the data is truncated, the first one found, at whatever depth. */
export function typeOf(frame: Buffer): string | undefined {
  const open = frame.indexOf(OPEN_BRACE)
  const type = open === -1 ? -1 : frame.indexOf(TYPE, open)
  if (type === -1) return undefined
  return isFirstMember(frame, open, type) ? textBehind(frame, type) : memberOf(frame, open, type)
}

function isFirstMember(frame: Buffer, open: number, key: number): boolean {
  for (let at = open + 1; at < key; at += 1) if ((frame[at] ?? 0) > SPACE) return false
  return true
}

function textBehind(frame: Buffer, key: number): string | undefined {
  const open = frame.indexOf(QUOTE, key + TYPE.length)
  const close = frame.indexOf(QUOTE, open + 1)
  return open === -1 || close === -1 ? undefined : frame.toString('latin1', open + 1, close)
}

function memberOf(frame: Buffer, open: number, type: number): string | undefined {
  try {
    const member = membersOf(frame, open).findLast(({ key }) => key === 'type')
    return member && frame.toString('latin1', member.start + 1, member.end - 1)
  } catch {
    return textBehind(frame, type)
  }
}
