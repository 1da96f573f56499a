import { membersOf, rootOf } from '../../base/json-span.ts'
import type { ReportedUsage } from '../../base/usage.ts'
import { readAnswer } from '../answer-report.ts'
import { responseIds } from '../response-ids.ts'
import type { AnswerFrames } from './answer-frames.ts'
import { onOneLine } from './event-data.ts'

const EVENT = Buffer.from('event:')
const DATA = Buffer.from('data:')
const TYPE = Buffer.from('"type"')

const NEWLINE = 0x0a
const CARRIAGE_RETURN = 0x0d
const QUOTE = 0x22
const OPEN_BRACE = 0x7b
const SPACE = 0x20

const FIRST = 'response.created'

/** Events that end a stream, and those among them that mean failure. */
const LAST: ReadonlySet<string | undefined> = new Set([
  'response.completed',
  'response.incomplete',
  'response.failed',
  'response.cancelled',
  'error',
])
const FAILED: ReadonlySet<string | undefined> = new Set(['response.failed', 'error'])

/** The frames of a Responses stream: named events, the last with the whole answer and its usage. */
export class ResponseFrames implements AnswerFrames {
  /** The last event repeats the whole answer, including pictures. */
  readonly longestBytes = 32 * 2 ** 20
  failed = false
  complete = false
  usage: ReportedUsage = 'unreported'
  model: string | undefined
  ids: readonly string[] = []

  get closed(): boolean {
    return this.complete
  }

  get saidAll(): boolean {
    return this.complete
  }

  get usageIsFinal(): boolean {
    return this.complete && this.usage !== 'unreported'
  }

  /** Usage never has a frame of its own. */
  read(event: Buffer): boolean {
    const frame = onOneLine(event)
    const name = nameOf(frame)
    const type = isBareError(frame) ? 'error' : typeOf(frame)
    const isLast = LAST.has(type) || LAST.has(name)
    if (isLast) this.complete = true
    if (FAILED.has(type) || FAILED.has(name)) this.failed = true
    if (isLast || type === FIRST || name === FIRST) this.#readResponse(frame)
    return false
  }

  #readResponse(frame: Buffer): void {
    const response = responseIn(frame)
    if (response === undefined) return
    const report = readAnswer(response)
    this.ids = responseIds(response)
    this.model ??= report.model
    if (report.usage !== 'unreported') this.usage = report.usage
  }
}

/** The event's name from its own line. Clients go by the data's type, which may differ or stand alone. */
function nameOf(frame: Buffer): string | undefined {
  if (!frame.subarray(0, EVENT.length).equals(EVENT)) return undefined
  let end = EVENT.length
  while (end < frame.length && frame[end] !== NEWLINE && frame[end] !== CARRIAGE_RETURN) end += 1
  return frame.toString('latin1', EVENT.length, end).trim()
}

/** The type in the data; if the data is truncated, the first one found. */
function typeOf(frame: Buffer): string | undefined {
  const open = frame.indexOf(OPEN_BRACE)
  const type = open === -1 ? -1 : frame.indexOf(TYPE, open)
  if (type === -1) return undefined
  return isFirstMember(frame, open, type)
    ? textBehind(frame, type)
    : (memberOf(frame, open) ?? textBehind(frame, type))
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

function memberOf(frame: Buffer, open: number): string | undefined {
  try {
    const member = membersOf(frame, open).findLast(({ key }) => key === 'type')
    return member && frame.toString('latin1', member.start + 1, member.end - 1)
  } catch {
    return undefined
  }
}

const ERROR = Buffer.from('{"error":{')

/** The error format of gateways that do not know the API's events. */
function isBareError(frame: Buffer): boolean {
  const at = frame.indexOf(ERROR)
  return at !== -1 && at === frame.indexOf(OPEN_BRACE)
}

/** The response carried by an event, as raw bytes. */
function responseIn(frame: Buffer): Buffer | undefined {
  const data = frame.indexOf(DATA)
  if (data === -1) return undefined
  const json = frame.subarray(data + DATA.length)
  try {
    const root = rootOf(json)
    if (json[root] !== OPEN_BRACE) return undefined
    const member = membersOf(json, root).find(({ key }) => key === 'response')
    return member === undefined ? undefined : json.subarray(member.start, member.end)
  } catch {
    return undefined
  }
}
