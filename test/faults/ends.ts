import type { Answered, End, Ends, Raised, Seen } from './fault.ts'
import { WAYS } from './sighting.ts'

type What = Pick<Raised, 'code' | 'type' | 'message'>

/** The same end for every way of asking. */
export function everyWay(end: End): Ends {
  return Object.fromEntries(WAYS.map((way) => [way, end]))
}

/** One end for whole answers, one for streams. */
export function byForm(whole: End, stream: End): Ends {
  return { chat: whole, responses: whole, 'chat stream': stream, 'responses stream': stream }
}

/** The upstream's own error, which costs nothing. `as` and `status` are what the client raises. */
export function passedOn(as: string, status: number, what: What, next: End['next']): End {
  const sees = { as, status, ...what, message: `${status} ${what.message}`, late: false }
  return { sees, outcome: 'upstream_error', errorCode: `upstream_${status}`, paid: 'none', next }
}

/** An error of Trivium's about its upstream, instead of an answer. */
export function failed(
  status: 502 | 504,
  code: string,
  message: string,
  rest: Pick<End, 'paid' | 'next'>,
): End {
  const what = { code, type: 'server_error', message: `${status} ${message}` }
  const sees = { as: 'InternalServerError', status, ...what, late: false }
  return { sees, outcome: 'upstream_error', errorCode: code, ...rest }
}

/** An error frame in the middle of a stream. What arrived before it is counted. */
export function brokenOff(code: string, message: string): End {
  const sees: Seen = {
    as: 'APIError',
    status: undefined,
    code,
    type: 'server_error',
    message,
    late: true,
  }
  return { sees, outcome: 'broken', errorCode: code, paid: 'estimated', next: 'nobody' }
}

/** An answer, booked as reported. */
export function answered(finish: Answered['finish'], text: string): End {
  return { sees: { finish, text }, outcome: 'ok', errorCode: null, paid: 'reported', next: 'nobody' }
}

/** The same answer in each way's terms. */
export function answeredAs(chat: string | null, response: string, text: string): Ends {
  return {
    chat: answered(chat, text),
    'chat stream': answered(chat, text),
    responses: answered(response, text),
    'responses stream': answered(`response.${response}`, text),
  }
}
