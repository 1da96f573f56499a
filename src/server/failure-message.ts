import type { BudgetStanding, Failure } from '../base/failure.ts'
import { plainUsd } from '../base/money.ts'
import { entryFor, type FailureTable } from './failure-table.ts'

/** What a client reads of a failure: one or more sentences, which may change, unlike the code. */
export function messageFor(failure: Failure): string {
  return entryFor(messages, failure)
}

const messages: FailureTable<string> = {
  invalid_api_key: ({ reason }) => KEY_MESSAGES[reason],
  invalid_json: ({ detail }) => `Cannot read the request body: ${detail}.`,
  invalid_request: ({ detail }) => sentence(detail),
  expectation_failed: ({ expectation }) =>
    `This proxy does not support "Expect: ${expectation}", only 100-continue.`,
  body_too_large: ({ limitBytes }) => `The request body exceeds the ${limitBytes} bytes this proxy accepts.`,
  unknown_url: ({ method, path, team }) =>
    `Invalid URL (${method} ${path}): this proxy does not serve it.${howToServe(team)}`,
  method_not_allowed: ({ method, path, allow }) => `${path} accepts ${allow.join(', ')}, not ${method}.`,
  endpoint_not_allowed: ({ endpoint, team }) =>
    `Team "${team}" may not use "${endpoint}". Add it to teams.${team}.endpoints to allow it.`,
  model_not_found: ({ model, isUnlisted }) =>
    `The model \`${model}\` does not exist or this key may not use it.${isUnlisted ? ` ${ADD_MODEL}` : ''}`,
  previous_response_not_found: ({ id, left }) =>
    `Previous response with id '${id}' not found${whereLeft(left)}.`,
  object_not_found: ({ id, left }) => `Object with id '${id}' not found${whereLeft(left)}.`,
  no_capable_model: ({ reasons, unlisted }) =>
    `No model can serve this request: ${reasons.join('; ')}.${unlisted === undefined ? '' : ` The model \`${unlisted}\` is not configured. ${ADD_MODEL}`}`,
  context_length_exceeded: ({ promptTokens, context }) =>
    `The models that could serve this request have a maximum context length of ${context} tokens. However, your messages have about ${promptTokens} tokens. Please reduce the length of the messages.`,
  insufficient_quota: (standing) => `${lack(standing)} ${inFigures(standing)}`,
  budget_held: (standing) =>
    `The rest of budget ${standing.scope} is held for requests in flight; try again shortly. ${inFigures(standing)}`,
  rate_limit_exceeded: ({ scope, kind, limit, retryAfterMs }) =>
    `Rate limit reached for ${scope}: ${limit} ${LIMIT_WORDS[kind]}. Please try again in ${Math.ceil(retryAfterMs)}ms.`,
  request_too_large: ({ scope, limit, need }) =>
    `Request too large for ${scope}: limit ${limit} per minute, requested ${need}. Waiting will not help.`,
  upstream_unreachable: ({ target, detail }) =>
    `The upstream for ${target} could not be reached (${detail}).`,
  upstream_timeout: ({ target, phase, afterMs }) =>
    `${target} did not answer in time: ${PHASES[phase]} took over ${afterMs} ms.`,
  upstream_broken: ({ target, detail }) => `The answer from ${target} broke off: ${detail}.`,
  upstream_unavailable: ({ target }) =>
    `${target} has failed repeatedly and is not being called for now; try again shortly.`,
  upstream_locked_out: ({ target, status }) =>
    `The upstream for ${target} rejects this proxy's own key or account (status ${status}). The proxy's operator must fix that.`,
  out_of_sockets: ({ target, detail }) =>
    `This proxy has no socket left to call ${target} (${detail}); nothing was sent.`,
  store_unavailable: () =>
    'A store this request depends on is not answering or cannot be written to; nothing was spent.',
  draining: () => 'This proxy is shutting down; try another replica or try again.',
  internal_error: () => 'Internal error in the proxy; its log has the details.',
  client_left: () => 'The client closed the connection.',
}

const KEY_MESSAGES = {
  missing: 'No API key was sent. Send one as "Authorization: Bearer KEY".',
  unknown: 'Incorrect API key provided: this proxy does not know it.',
  expired: 'This API key has expired.',
} as const

const ADD_MODEL = "This proxy's operator can add it under `models:` in the configuration."

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

/** A budget refuses before its last dollar is spent: an answer may cost more than is left. */
function lack({ scope, limit, spent }: BudgetStanding): string {
  if (spent >= limit) return `Budget ${scope} is spent.`
  return `Budget ${scope} has less left than this request may cost.`
}

function inFigures({ limit, spent, held, resetsAt }: BudgetStanding): string {
  const resets = resetsAt === null ? 'It never resets.' : `It resets at ${new Date(resetsAt).toISOString()}.`
  return `Of ${plainUsd(limit)} USD, ${plainUsd(spent)} is spent and ${plainUsd(held)} held. ${resets}`
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
