import type { Act } from '../../src/simulator/act.ts'
import { everyWay, failed, passedOn } from './ends.ts'
import type { End, Fault } from './fault.ts'

const SORRY = ['The server had an error while processing your request. …', 'server_error'] as const
const SAID: Readonly<Record<number, readonly [string, string]>> = {
  503: ['The engine is currently overloaded, …', 'server_error'],
  529: ['Overloaded', 'overloaded_error'],
}

function rateLimited(next: End['next']): End {
  const what = { code: 'rate_limit_exceeded', type: 'requests', message: 'Rate limit reached for …' }
  return passedOn('RateLimitError', 429, what, next)
}

function refuse(status: number, error: { message: string; type: string; code: string }): Act {
  return { fault: { kind: 'refuse', error: { status, param: null, ...error } } }
}

/** An error instead of an answer: nothing is billed, so another target may be asked. */
export const REFUSALS: readonly Fault[] = [
  {
    name: '429 with a `retry-after-ms` of 40 ms',
    act: { fault: { kind: 'status', code: 429, retry_after_ms: 40 } },
    ends: everyWay(rateLimited('same')),
  },
  {
    name: '429 with a `retry-after-ms` of 20 s',
    act: { fault: { kind: 'status', code: 429, retry_after_ms: 20_000 } },
    ends: everyWay(rateLimited('other')),
  },
  {
    name: '429 without `retry-after`',
    act: { fault: { kind: 'status', code: 429 } },
    ends: everyWay(rateLimited('same')),
  },
  {
    name: '429 “Request too large”',
    act: refuse(429, {
      message: 'Request too large for gpt-4o on tokens per min (TPM): Limit 30000, Requested 36278.',
      type: 'tokens',
      code: 'rate_limit_exceeded',
    }),
    ends: everyWay(
      passedOn(
        'RateLimitError',
        429,
        { code: 'rate_limit_exceeded', type: 'tokens', message: 'Request too large for …' },
        'other',
      ),
    ),
  },
  {
    name: '429 `insufficient_quota` of Trivium’s own account',
    act: refuse(429, {
      message: 'You exceeded your current quota, please check your plan and billing details.',
      type: 'insufficient_quota',
      code: 'insufficient_quota',
    }),
    ends: everyWay(
      failed(502, 'upstream_locked_out', 'The upstream for … rejects … own key or account …', {
        paid: 'none',
        next: 'other',
      }),
    ),
  },
  {
    name: '404 `model_not_found`',
    act: { fault: { kind: 'model_not_found' } },
    ends: everyWay(
      passedOn(
        'NotFoundError',
        404,
        { code: 'model_not_found', type: 'invalid_request_error', message: 'The model … does not exist …' },
        'other',
      ),
    ),
  },
  {
    name: '400 `content_filter`: the prompt is refused',
    act: refuse(400, {
      message: 'The response was filtered due to the prompt triggering a content management policy.',
      type: 'invalid_request_error',
      code: 'content_filter',
    }),
    ends: everyWay(
      passedOn(
        'BadRequestError',
        400,
        { code: 'content_filter', type: 'invalid_request_error', message: 'The response was filtered …' },
        'nobody',
      ),
    ),
  },
  ...[500, 503, 529].map((status): Fault => {
    const [message, type] = SAID[status] ?? SORRY
    return {
      name: String(status),
      act: { fault: { kind: 'status', code: status } },
      ends: everyWay(passedOn('InternalServerError', status, { code: null, type, message }, 'same')),
    }
  }),
  ...[502, 520, 524].map((status): Fault => {
    const what = {
      code: 'upstream_broken',
      type: 'server_error',
      message: `The answer from … broke off: status ${status} came with a page …`,
    }
    return {
      name: `${status} with an HTML page`,
      act: { fault: { kind: 'html', code: status } },
      ends: everyWay(passedOn('InternalServerError', status, what, 'same')),
    }
  }),
  {
    name: 'the connection is refused',
    act: 'nobody',
    ends: everyWay(
      failed(502, 'upstream_unreachable', 'The upstream for … could not be reached (ECONNREFUSED).', {
        paid: 'none',
        next: 'same',
      }),
    ),
  },
  {
    name: '200 with only an error in it',
    act: refuse(200, { message: 'The origin is away.', type: 'server_error', code: 'away' }),
    ends: everyWay(
      passedOn(
        'InternalServerError',
        502,
        { code: 'away', type: 'server_error', message: 'The origin is away.' },
        'same',
      ),
    ),
  },
]
