import type { BudgetStanding, Failure, FailureCode } from '../base/failure.ts'
import { formatUsd, toUsd } from '../base/money.ts'
import type { FailureAnswer } from '../flow/ports.ts'

type Answers = { readonly [C in FailureCode]: (failure: Extract<Failure, { code: C }>) => FailureAnswer }

const ADD_MODEL = "This proxy's operator can add it under `models:` in the configuration."

/**
 * The one table that gives every failure its status and its body in OpenAI's envelope. Nothing else sets a
 * status. `docs/errors.md` describes these answers; a test compares the two.
 */
const answers: Answers = {
  invalid_api_key: ({ reason }) =>
    refusal(401, 'invalid_api_key', KEY_MESSAGES[reason], { headers: UNKNOWN }),
  invalid_json: ({ detail }) => refusal(400, 'invalid_json', `Cannot read the request body: ${detail}.`),
  invalid_request: ({ detail, param }) => refusal(400, 'invalid_request', sentence(detail), { param }),
  expectation_failed: ({ expectation }) =>
    refusal(
      417,
      'expectation_failed',
      `This proxy does not support "Expect: ${expectation}", only 100-continue.`,
    ),
  body_too_large: ({ limitBytes }) =>
    refusal(413, 'body_too_large', `The request body exceeds the ${limitBytes} bytes this proxy accepts.`),
  unknown_url: ({ method, path, team }) =>
    refusal(
      404,
      'unknown_url',
      `Invalid URL (${method} ${path}): this proxy does not serve it.${howToServe(team)}`,
    ),
  method_not_allowed: ({ method, path, allow }) =>
    refusal(405, 'method_not_allowed', `${path} accepts ${allow.join(', ')}, not ${method}.`, {
      headers: ['allow', allow.join(', ')],
    }),
  endpoint_not_allowed: ({ endpoint, team }) =>
    refusal(
      403,
      'endpoint_not_allowed',
      `Team "${team}" may not use "${endpoint}". Add it to teams.${team}.endpoints to allow it.`,
    ),
  model_not_found: ({ model, isUnlisted, param = 'model' }) =>
    refusal(
      404,
      'model_not_found',
      `The model \`${model}\` does not exist or this key may not use it.${isUnlisted ? ` ${ADD_MODEL}` : ''}`,
      { param },
    ),
  previous_response_not_found: ({ id, left, param = 'previous_response_id' }) =>
    refusal(
      400,
      'previous_response_not_found',
      `Previous response with id '${id}' not found${whereLeft(left)}.`,
      { param },
    ),
  object_not_found: ({ id, left, param = null }) =>
    refusal(404, 'object_not_found', `Object with id '${id}' not found${whereLeft(left)}.`, { param }),
  no_capable_model: ({ reasons, param, unlisted }) =>
    refusal(
      400,
      'no_capable_model',
      `No model can serve this request: ${reasons.join('; ')}.${unlisted === undefined ? '' : ` The model \`${unlisted}\` is not configured. ${ADD_MODEL}`}`,
      { param },
    ),
  context_length_exceeded: ({ promptTokens, context }) =>
    refusal(
      400,
      'context_length_exceeded',
      `The models that could serve this request have a maximum context length of ${context} tokens. However, your messages have about ${promptTokens} tokens. Please reduce the length of the messages.`,
      { param: 'messages' },
    ),
  insufficient_quota: (failure) =>
    refusal(429, 'insufficient_quota', `${lack(failure)} ${standing(failure)}`, {
      type: 'insufficient_quota',
      headers: NO_RETRY,
      metadata: metadataOf(failure),
    }),
  budget_held: (failure) =>
    refusal(
      429,
      'budget_held',
      `The rest of budget ${failure.scope} is held for requests in flight; try again shortly. ${standing(failure)}`,
      { type: 'rate_limit_exceeded', headers: retryAfter(HELD_RETRY_MS), metadata: metadataOf(failure) },
    ),
  rate_limit_exceeded: ({ scope, kind, limit, retryAfterMs }) =>
    refusal(
      429,
      'rate_limit_exceeded',
      `Rate limit reached for ${scope}: ${limit} ${LIMIT_WORDS[kind]}. Please try again in ${Math.ceil(retryAfterMs)}ms.`,
      { type: 'rate_limit_exceeded', headers: retryAfter(retryAfterMs) },
    ),
  request_too_large: ({ scope, limit, need }) =>
    refusal(
      429,
      'request_too_large',
      `Request too large for ${scope}: limit ${limit} per minute, requested ${need}. Waiting will not help.`,
      { type: 'rate_limit_exceeded', headers: NO_RETRY },
    ),
  upstream_unreachable: ({ target, detail }) =>
    trouble(502, 'upstream_unreachable', `The upstream for ${target} could not be reached (${detail}).`),
  upstream_timeout: ({ target, phase, afterMs }) =>
    trouble(
      504,
      'upstream_timeout',
      `${target} did not answer in time: ${PHASES[phase]} took over ${afterMs} ms.`,
    ),
  upstream_broken: ({ target, detail }) =>
    trouble(502, 'upstream_broken', `The answer from ${target} broke off: ${detail}.`),
  upstream_unavailable: ({ target, retryAfterMs }) =>
    trouble(
      503,
      'upstream_unavailable',
      `${target} has failed repeatedly and is not being called for now; try again shortly.`,
      retryAfter(retryAfterMs),
    ),
  upstream_locked_out: ({ target, status }) =>
    trouble(
      502,
      'upstream_locked_out',
      `The upstream for ${target} rejects this proxy's own key or account (status ${status}). The proxy's operator must fix that.`,
      NO_RETRY,
    ),
  out_of_sockets: ({ target, detail }) =>
    trouble(
      503,
      'out_of_sockets',
      `This proxy has no socket left to call ${target} (${detail}); nothing was sent.`,
      retryAfter(1000),
    ),
  store_unavailable: () =>
    trouble(
      503,
      'store_unavailable',
      'A store this request depends on is not answering or cannot be written to; nothing was spent.',
      retryAfter(1000),
    ),
  draining: () =>
    trouble(503, 'draining', 'This proxy is shutting down; try another replica or try again.', [
      ...retryAfter(1000),
      'connection',
      'close',
    ]),
  internal_error: () =>
    trouble(500, 'internal_error', 'Internal error in the proxy; its log has the details.'),
  client_left: () => refusal(499, 'client_left', 'The client closed the connection.'),
}

/** Names the upstream that stores an object, if it is no longer configured. */
function whereLeft(upstream: string | undefined): string {
  return upstream === undefined
    ? ''
    : `: it is stored at upstream "${upstream}", which is no longer configured`
}

function howToServe(team: string | undefined): string {
  if (team === undefined) return ''
  return ` To have unknown paths forwarded unchanged, add "other" to teams.${team}.endpoints.`
}

/** The answer to a failure. */
export function answerTo<C extends FailureCode>(failure: Extract<Failure, { code: C }>): FailureAnswer {
  // The table's type ties each code to its failure; TypeScript cannot follow that through an index by a
  // union.
  const answer = answers[failure.code] as (failure: Failure) => FailureAnswer
  return answer(failure)
}

const KEY_MESSAGES = {
  missing: 'No API key was sent. Send one as "Authorization: Bearer KEY".',
  unknown: 'Incorrect API key provided: this proxy does not know it.',
  expired: 'This API key has expired.',
} as const

const LIMIT_WORDS = {
  requests: 'requests per minute',
  tokens: 'tokens per minute',
  concurrent: 'requests at a time',
} as const

const PHASES = {
  connect: 'connecting',
  first_byte: 'the first byte',
  idle: 'a pause in the answer',
  total: 'the whole answer',
} as const

/** Without a key the rest of a body is not waited for. */
const UNKNOWN = ['www-authenticate', 'Bearer', 'connection', 'close']

/** Tells clients that retry every 429 not to. */
const NO_RETRY = ['x-should-retry', 'false']

/** Requests in flight release their holds within moments, not minutes. */
const HELD_RETRY_MS = 250

/** Some SDK versions obey any value, so clients are told to wait a minute at most. */
const LONGEST_RETRY_MS = 60_000

function retryAfter(ms: number): string[] {
  const wait = Math.min(LONGEST_RETRY_MS, Math.max(1, Math.ceil(ms)))
  return ['retry-after-ms', String(wait), 'retry-after', String(Math.ceil(wait / 1000))]
}

interface Details {
  readonly type?: string
  readonly param?: string | null
  readonly headers?: readonly string[]
  readonly metadata?: object
}

/** The client's request cannot be served as it is. */
function refusal(status: number, code: string, message: string, details: Details = {}): FailureAnswer {
  const { type = 'invalid_request_error', param = null, headers = [], metadata } = details
  const error = { message, type, param, code }
  return { status, headers, error: metadata === undefined ? error : { ...error, metadata } }
}

/** A failure that is not the client's fault. */
function trouble(
  status: number,
  code: string,
  message: string,
  headers: readonly string[] = [],
): FailureAnswer {
  return { status, headers, error: { message, type: 'server_error', param: null, code } }
}

/** A budget refuses before its last dollar is spent: an answer may cost more than is left. */
function lack({ scope, limit, spent }: BudgetStanding): string {
  if (spent >= limit) return `Budget ${scope} is spent.`
  return `Budget ${scope} has less left than this request may cost.`
}

function standing({ limit, spent, held, resetsAt }: BudgetStanding): string {
  const resets = resetsAt === null ? 'It never resets.' : `It resets at ${new Date(resetsAt).toISOString()}.`
  return `Of ${formatUsd(limit)} USD, ${formatUsd(spent)} is spent and ${formatUsd(held)} held. ${resets}`
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

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
