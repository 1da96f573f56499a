import type { BudgetStanding, Failure } from '../base/failure.ts'
import { toUsd } from '../base/money.ts'
import type { FailureAnswer } from '../flow/ports.ts'
import { messageFor } from './failure-message.ts'
import { entryFor, type FailureTable } from './failure-table.ts'
import { HELD_RETRY_MS, NO_RETRY, retryAfter, TROUBLE_RETRY_MS } from './retry-headers.ts'

/** The answer to a failure, in OpenAI's envelope. */
export function answerTo(failure: Failure): FailureAnswer {
  const { status, headers = [], type, param = null, metadata } = entryFor(table, failure)
  const error = { message: messageFor(failure), type, param, code: failure.code }
  return { status, headers, error: metadata === undefined ? error : { ...error, metadata } }
}

/** Everything about an answer but its message. */
interface Row {
  readonly status: number
  readonly type: string
  /** The field of the request at fault. */
  readonly param?: string | null
  /** A flat list of names and values. */
  readonly headers?: readonly string[]
  readonly metadata?: object
}

/** Without a key the rest of a body is not waited for. */
const UNKNOWN = ['www-authenticate', 'Bearer', 'connection', 'close']

/**
 * The one table that gives every failure its status and its place in OpenAI's envelope. Nothing else sets a
 * status. `docs/errors.md` describes these answers; a test compares the two.
 */
const table: FailureTable<Row> = {
  invalid_api_key: () => refusal(401, { headers: UNKNOWN }),
  invalid_json: () => refusal(400),
  invalid_request: ({ param }) => refusal(400, { param }),
  expectation_failed: () => refusal(417),
  body_too_large: () => refusal(413),
  unknown_url: () => refusal(404),
  method_not_allowed: ({ allow }) => refusal(405, { headers: ['allow', allow.join(', ')] }),
  endpoint_not_allowed: () => refusal(403),
  model_not_found: ({ param = 'model' }) => refusal(404, { param }),
  previous_response_not_found: ({ param = 'previous_response_id' }) => refusal(400, { param }),
  object_not_found: ({ param = null }) => refusal(404, { param }),
  no_capable_model: ({ param }) => refusal(400, { param }),
  context_length_exceeded: () => refusal(400, { param: 'messages' }),
  insufficient_quota: (standing) => ({
    status: 429,
    type: 'insufficient_quota',
    headers: NO_RETRY,
    metadata: metadataOf(standing),
  }),
  budget_held: (standing) => ({ ...limited(retryAfter(HELD_RETRY_MS)), metadata: metadataOf(standing) }),
  rate_limit_exceeded: ({ retryAfterMs }) => limited(retryAfter(retryAfterMs)),
  request_too_large: () => limited(NO_RETRY),
  upstream_unreachable: () => trouble(502),
  upstream_timeout: () => trouble(504),
  upstream_broken: () => trouble(502),
  upstream_unavailable: ({ retryAfterMs }) => trouble(503, retryAfter(retryAfterMs)),
  upstream_locked_out: () => trouble(502, NO_RETRY),
  out_of_sockets: () => trouble(503, retryAfter(TROUBLE_RETRY_MS)),
  store_unavailable: () => trouble(503, retryAfter(TROUBLE_RETRY_MS)),
  draining: () => trouble(503, [...retryAfter(TROUBLE_RETRY_MS), 'connection', 'close']),
  internal_error: () => trouble(500),
  client_left: () => refusal(499),
}

/** The client's request cannot be served as it is. */
function refusal(status: number, details: Pick<Row, 'param' | 'headers'> = {}): Row {
  return { status, type: 'invalid_request_error', ...details }
}

/** The client or its team asks for more than it may have now. */
function limited(headers: readonly string[]): Row {
  return { status: 429, type: 'rate_limit_exceeded', headers }
}

/** A failure that is not the client's fault. */
function trouble(status: number, headers: readonly string[] = []): Row {
  return { status, type: 'server_error', headers }
}

function metadataOf({ scope, team, limit, spent, held, resetsAt }: BudgetStanding): object {
  return {
    scope,
    team,
    limit_usd: toUsd(limit),
    spent_usd: toUsd(spent),
    held_usd: toUsd(held),
    resets_at: resetsAt === null ? null : new Date(resetsAt).toISOString(),
  }
}
