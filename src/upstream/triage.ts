/**
 * What an answer's status means for the next step. `answer`: pass it to the client as it is. `retry`: the
 * same target may recover in a moment. `next`: this target will not serve this request, another may. `gone`:
 * its upstream no longer has the target. `locked_out`: the upstream refuses our own key or account, which is
 * no client's fault.
 */
export type Triage = 'answer' | 'retry' | 'next' | 'gone' | 'locked_out'

/** Whether this may be a chat's answer: not a redirect, an empty success or a gateway's page. */
export function isAnswer(status: number, contentType: string | undefined): boolean {
  if (status < 200 || status > 299 || status === 204 || status === 205) return false
  return !/^text\/html/i.test(contentType ?? '')
}

/** Whether an answer is a stream of events: if it does not say, it is what was asked for. */
export function isStream(contentType: string | undefined, asked: boolean): boolean {
  return contentType === undefined ? asked : /^text\/event-stream/i.test(contentType)
}

/**
 * How errors begin in the vendor's envelope, but for blanks; in an answer `error` is null and not the first
 * field.
 */
const ERROR_FIRST = '{"error":{'
const LONGEST_OPENING = 64

/** Whether a body begins as an error does. */
export function beginsAsError(body: Buffer): boolean {
  return openingOf(body).startsWith(ERROR_FIRST)
}

/**
 * Whether a success may be nothing but an error, judging by what has arrived of it: nothing, if that has still to be
 * decompressed. What is read as a whole anyway gets the benefit of every doubt; a stream must not wait.
 */
export function mayBeError(beginning: Buffer | undefined, isStream: boolean): boolean {
  const opening = beginning === undefined ? '' : openingOf(beginning)
  if (opening.startsWith(ERROR_FIRST)) return true
  return !isStream && ERROR_FIRST.startsWith(opening)
}

/** Some servers begin with a byte order mark, which clients skip; here each of its bytes is a letter. */
const MARK_OR_BLANKS = /^\xef\xbb\xbf|\s+/g

function openingOf(body: Buffer): string {
  return body.toString('latin1', 0, LONGEST_OPENING).replace(MARK_OR_BLANKS, '')
}

/**
 * The status that an error sent as a success should have had: some gateways state it in `code`. Otherwise 400
 * for the client's own mistake, 502 for everything else.
 */
export function statusMeant(body: Buffer): number {
  const { code, type } = readError(body)
  const status = Number(code ?? Number.NaN)
  if (Number.isInteger(status) && status >= 400 && status <= 599) return status
  return type === 'invalid_request_error' ? 400 : 502
}

const GONE_WORDS = /does not exist|has been deprecated|do not have access/i
const NEVER_FITS = /request too large/i

interface UpstreamError {
  readonly code?: unknown
  readonly type?: unknown
  readonly message?: unknown
  readonly param?: unknown
}

/**
 * Classifies an answer that is no success. `ownKey`: the client's own key went upstream, so the client must
 * learn that it was refused. A 400, 413 or 422 is never retried: the body is the client's.
 */
export function triage(status: number, body: Buffer, ownKey: boolean): Triage {
  if (status < 400) return 'next'
  if (status === 408 || status === 409 || status >= 500) return 'retry'
  const error = readError(body)
  if (status === 404) return isGone(error) ? 'gone' : 'answer'
  if (status === 400) return error.code === 'model_not_found' ? 'gone' : 'answer'
  if (status === 401 || status === 403) return ownKey ? 'answer' : 'locked_out'
  if (status !== 429) return 'answer'
  if (isSpent(error)) return ownKey ? 'answer' : 'locked_out'
  return isTooLarge(error) ? 'next' : 'retry'
}

/** Whether a retry, which every client attempts on a 429, would only get the same answer. */
export function isFutile(status: number, body: Buffer): boolean {
  if (status !== 429) return false
  const error = readError(body)
  return isSpent(error) || isTooLarge(error)
}

function isSpent({ code, type }: UpstreamError): boolean {
  return code === 'insufficient_quota' || type === 'insufficient_quota'
}

function isTooLarge({ message }: UpstreamError): boolean {
  return typeof message === 'string' && NEVER_FITS.test(message)
}

function isGone(error: UpstreamError): boolean {
  if (error.code === 'model_not_found' || error.code === 'DeploymentNotFound') return true
  return typeof error.message === 'string' && GONE_WORDS.test(error.message)
}

function readError(body: Buffer): UpstreamError {
  try {
    const value: unknown = JSON.parse(body.toString('utf8').replace(/^\ufeff/, ''))
    if (typeof value !== 'object' || value === null || !('error' in value)) return {}
    return typeof value.error === 'object' && value.error !== null ? value.error : {}
  } catch {
    return {}
  }
}

const FIRST_WAIT_MS = 250
const LONGEST_WAIT_MS = 2_000

/**
 * How long to wait before retrying a target: the upstream's own hint, else exponential backoff from a quarter
 * of a second, with up to a quarter taken off as jitter (`random` is 0 to 1). Undefined if the upstream asks
 * for more than two seconds: then another target is the better choice.
 */
export function waitBeforeRetry(
  retry: number,
  headers: Readonly<Record<string, string>>,
  random: number,
): number | undefined {
  const hint = hintedWaitMs(headers)
  if (hint !== undefined) return hint <= LONGEST_WAIT_MS ? hint : undefined
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** retry) * (1 - 0.25 * random)
}

/** Clients are told to wait no longer than this, and no upstream's limits span more. */
const LONGEST_COOLDOWN_MS = 60_000

/**
 * How long an upstream that answered 429 asks to be left alone, in milliseconds: its own hint, else the reset
 * of the exhausted limit. Undefined if it does not say, or if the pause is short enough to wait out.
 */
export function cooldownOf(headers: Readonly<Record<string, string>>): number | undefined {
  const hint = hintedWaitMs(headers) ?? resetOf(headers, 'requests') ?? resetOf(headers, 'tokens')
  return hint === undefined || hint <= LONGEST_WAIT_MS ? undefined : Math.min(hint, LONGEST_COOLDOWN_MS)
}

function resetOf(headers: Readonly<Record<string, string>>, kind: 'requests' | 'tokens'): number | undefined {
  if (headers[`x-ratelimit-remaining-${kind}`] !== '0') return undefined
  return goDurationMs(headers[`x-ratelimit-reset-${kind}`] ?? '')
}

const GO_UNITS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 }

/** A duration in OpenAI's format: `20m52.666s`, `1.182s`, `6ms`. */
function goDurationMs(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|h|m|s))+$/.test(text)) return undefined
  let sum = 0
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)) {
    sum += Number(amount) * (GO_UNITS[unit ?? ''] ?? 0)
  }
  return sum
}

/** `retry-after-ms`, else `retry-after`: in seconds, or the time from the answer's own date to the date it names. */
function hintedWaitMs(headers: Readonly<Record<string, string>>): number | undefined {
  const ms = numberIn(headers['retry-after-ms'])
  if (ms !== undefined) return ms
  const seconds = numberIn(headers['retry-after'])
  if (seconds !== undefined) return seconds * 1000
  const until = dateIn(headers['retry-after'])
  const answered = dateIn(headers.date)
  return until === undefined || answered === undefined ? undefined : Math.max(0, until - answered)
}

/** Milliseconds since 1970 of an HTTP date (RFC 9110, 5.6.7; the obsolete forms say nothing). */
function dateIn(text: string | undefined): number | undefined {
  if (text === undefined || !/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/.test(text.trim()))
    return undefined
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : at
}

/** Digits, with a fraction or not. Other forms, an empty one included, say nothing. */
function numberIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d+(?:\.\d+)?\s*$/.test(text) ? Number(text) : undefined
}
