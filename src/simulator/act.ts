import type { RecordedCall } from './call.ts'
import type { Wording } from './chat.ts'
import { type ChatRequest, questionOf } from './chat-request.ts'
import type { Fault } from './faults.ts'
import type { SimulatedModel } from './models.ts'
import { readWish, WISH_HEADER } from './wishes.ts'

/**
 * A script's decision about a request: the wording of the answer, a fault, both, or (undefined) the default.
 */
export interface Act extends Wording {
  readonly fault?: Fault
}
export type Script = (request: ChatRequest, call: RecordedCall) => Act | undefined

/** What decides how a request is answered, other than the request and its model. */
export interface Direction {
  readonly script: () => Script
  /** How often each wish has been granted, by wish and prompt. */
  readonly granted: Map<string, number>
}

/** The script takes precedence over wishes in the header or prompt. */
export function actFor(
  direction: Direction,
  call: RecordedCall,
  request: ChatRequest,
  model: SimulatedModel,
): Act {
  const scripted = direction.script()(request, call)
  if (scripted !== undefined) return scripted
  const question = questionOf(request)
  const header = call.headers[WISH_HEADER]
  const wish = readWish(typeof header === 'string' ? header : undefined, question)
  if (wish === undefined || (wish.model !== undefined && wish.model !== model.id)) return {}
  const key = `${wish.words}\n${question}`
  const granted = direction.granted.get(key) ?? 0
  if (granted >= wish.times) return {}
  direction.granted.set(key, granted + 1)
  const { wished } = wish
  if (wished.kind === 'tool') return { callTool: true }
  if (wished.kind === 'giant') return { answer: giant(wished.bytes) }
  return { fault: wished }
}

/** This many bytes in pieces of 16 KiB, each counted as one token: a flood that no output cap stops. */
function giant(bytes: number): readonly string[] {
  const piece = 'all work '.repeat(1821).slice(0, 16_384)
  const whole = Array.from({ length: Math.floor(bytes / piece.length) }, () => piece)
  return [...whole, piece.slice(0, bytes % piece.length)]
}
