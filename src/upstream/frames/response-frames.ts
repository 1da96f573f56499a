import { membersOf, rootOf } from '../../base/json-span.ts'
import type { ReportedUsage } from '../../base/usage.ts'
import { readAnswer } from '../answer-report.ts'
import { responseIds } from '../response-ids.ts'
import type { AnswerFrames } from './answer-frames.ts'
import { onOneLine } from './event-data.ts'
import { nameOf, typeOf } from './event-type.ts'
import { isBareError } from './frame-members.ts'

const DATA = Buffer.from('data:')

const OPEN_BRACE = 0x7b

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
