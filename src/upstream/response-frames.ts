import { membersOf, rootOf } from '../base/json-span.ts'
import type { ReportedUsage } from '../base/usage.ts'
import type { AnswerFrames } from './answer-frames.ts'
import { readAnswer } from './answer-report.ts'
import { responseIds } from './response-ids.ts'

const EVENT = Buffer.from('event:')
const DATA = Buffer.from('data:')
const TYPE = Buffer.from('"type"')

const NEWLINE = 0x0a
const CARRIAGE_RETURN = 0x0d
const QUOTE = 0x22
const OPEN_BRACE = 0x7b

/** Events after which nothing follows. Of them, those of an answer that came to nothing. */
const LAST = new Set(['response.completed', 'response.incomplete', 'response.failed', 'error'])
const FAILED = new Set(['response.failed', 'error'])

/** The frames of a Responses stream: named events, of which the last carries the whole answer and its usage. */
export class ResponseFrames implements AnswerFrames {
  /** The last event holds the whole answer once more, with the pictures in it. */
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

  /** Usage never comes in a frame of its own. */
  read(frame: Buffer): boolean {
    const event = eventOf(frame)
    if (event === undefined) return false
    const isLast = LAST.has(event)
    if (isLast) this.complete = true
    if (FAILED.has(event)) this.failed = true
    if (isLast || event === 'response.created') this.#readResponse(frame)
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

/** The event's name, as its line says or, where there is none, its data. */
function eventOf(frame: Buffer): string | undefined {
  if (isBareError(frame)) return 'error'
  if (frame.subarray(0, EVENT.length).equals(EVENT)) {
    let end = EVENT.length
    while (end < frame.length && frame[end] !== NEWLINE && frame[end] !== CARRIAGE_RETURN) end += 1
    return frame.toString('latin1', EVENT.length, end).trim()
  }
  const type = frame.indexOf(TYPE)
  if (type === -1) return undefined
  const open = frame.indexOf(QUOTE, type + TYPE.length)
  const close = frame.indexOf(QUOTE, open + 1)
  return open === -1 || close === -1 ? undefined : frame.toString('latin1', open + 1, close)
}

const ERROR = Buffer.from('{"error":{')

/** As gateways say it that do not know the API's events. */
function isBareError(frame: Buffer): boolean {
  const at = frame.indexOf(ERROR)
  return at !== -1 && at === frame.indexOf(OPEN_BRACE)
}

/** The response an event carries, as the bytes it is written in. */
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
