import { brokenOff, byForm, everyWay, failed } from './ends.ts'
import type { End, Fault } from './fault.ts'

/** What may have been billed without an answer is booked at its bound. */
const UNHEARD = { paid: 'bound', next: 'nobody' } as const

const SORRY = 'The server had an error while processing your request. Sorry about that!'
const RESET = 'The answer from … broke off: ECONNRESET.'
const PAUSED = '… did not answer in time: a pause in the answer took over … ms.'
const SILENT = '… did not answer in time: the first byte took over … ms.'

/** The upstream goes silent or disconnects. Once an answer has begun, no other target is asked. */
export const BREAKS: readonly Fault[] = [
  {
    name: 'a reset before the headers',
    act: { fault: { kind: 'reset', when: 'before_headers' } },
    ends: everyWay(failed(502, 'upstream_broken', RESET, { paid: 'bound', next: 'same' })),
  },
  {
    name: 'a reset in the middle of the answer',
    act: { fault: { kind: 'reset', when: 'mid_stream' } },
    ends: byForm(failed(502, 'upstream_broken', RESET, UNHEARD), brokenOff('upstream_broken', RESET)),
  },
  {
    name: 'a reset in the middle of a frame',
    act: { fault: { kind: 'reset', when: 'mid_frame' } },
    ends: streams(brokenOff('upstream_broken', RESET)),
  },
  {
    name: 'a clean end after the headers',
    act: { fault: { kind: 'early_end', when: 'after_headers' } },
    ends: everyWay(
      failed(502, 'upstream_broken', 'The answer from … broke off: it ended before its first byte.', {
        paid: 'bound',
        next: 'same',
      }),
    ),
  },
  {
    name: 'a clean end before the answer is complete',
    act: { fault: { kind: 'early_end' } },
    ends: byForm(
      failed(
        502,
        'upstream_broken',
        'The answer from … broke off: its JSON is incomplete or invalid.',
        UNHEARD,
      ),
      brokenOff('upstream_broken', 'The answer from … broke off: the stream ended before the answer did.'),
    ),
  },
  {
    name: 'silence before the headers',
    act: { fault: { kind: 'stall', when: 'before_headers' } },
    ends: everyWay(failed(504, 'upstream_timeout', SILENT, { paid: 'bound', next: 'other' })),
  },
  {
    name: 'silence after the headers',
    act: { fault: { kind: 'stall', when: 'after_headers' } },
    ends: everyWay(failed(504, 'upstream_timeout', SILENT, { paid: 'bound', next: 'other' })),
  },
  {
    name: 'silence in the middle of the answer',
    act: { fault: { kind: 'stall', when: 'mid_stream' } },
    ends: byForm(failed(504, 'upstream_timeout', PAUSED, UNHEARD), brokenOff('upstream_timeout', PAUSED)),
  },
  {
    name: 'an error frame in the middle of a stream',
    act: { fault: { kind: 'error_frame' } },
    ends: { 'chat stream': ownErrorFrame(), 'responses stream': ownErrorEvent() },
  },
  {
    name: 'a response whose status is `failed`',
    act: { withheld: 'failed' },
    ends: { responses: ownFailure('failed'), 'responses stream': ownFailure('response.failed') },
  },
]

function streams(end: End) {
  return { 'chat stream': end, 'responses stream': end }
}

/** The upstream has sent the error itself: it passes unchanged, and nothing is added. */
function ownErrorFrame(): End {
  const broken = brokenOff('upstream_broken', SORRY)
  return { ...broken, sees: { ...raised(SORRY), code: null, type: 'server_error' } }
}

/** The majors disagree about an `error` event: some pass it on like any other. */
function ownErrorEvent(): End {
  const handedOn = { finish: 'error', text: '' }
  return {
    ...ownErrorFrame(),
    sees: { ...raised(SORRY), code: 'server_error', type: 'error' },
    but: {
      'openai 4': { ...raised(SORRY), code: undefined, type: undefined },
      'openai 5': handedOn,
      'openai 6': handedOn,
    },
  }
}

/** No major raises it: a program has to check the status. */
function ownFailure(finish: string): End {
  return { ...ownErrorFrame(), sees: { finish, text: '' } }
}

function raised(message: string) {
  return { as: 'APIError', status: undefined, message, late: true }
}
