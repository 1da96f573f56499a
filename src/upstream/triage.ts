/**
 * What an answer's status means for the next step. `answer`: it is the client's, as it is. `retry`: the same target
 * may do better in a moment. `next`: this target will not serve this request, another may. `gone`: the target is not
 * on its upstream any more. `locked_out`: the upstream refuses our own key or account, which is no client's fault.
 */
export type Triage = 'answer' | 'retry' | 'next' | 'gone' | 'locked_out'

/** Whether this may be a chat's answer: not a redirect, not an empty success, not some gateway's page. */
export function isAnswer(status: number, contentType: string | undefined): boolean {
  if (status < 200 || status > 299 || status === 204 || status === 205) return false
  return !/^text\/html/i.test(contentType ?? '')
}

/** How errors begin in the vendor's envelope; an answer's own `error` is null, and not its first field. */
const ERROR_FIRST = /^\s*\{\s*"error"\s*:\s*\{/
const LONGEST_OPENING = 64

/** Whether a success may be nothing but an error, by its first bytes. */
export function beginsAsError(beginning: Buffer | undefined): boolean {
  return beginning !== undefined && ERROR_FIRST.test(beginning.toString('latin1', 0, LONGEST_OPENING))
}

/**
 * The status that an error should have had which came as a success: some gateways name it in `code`. The client's own
 * mistake is 400, everything else 502.
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
 * Reads an answer that is no success. `ownKey`: the client's own key went upstream, so a refused key is for the client to know.
 * Nothing is tried again on a 400, 413 or 422: the body is the client's.
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

/** Whether trying again, as every client does by itself on a 429, only gets the same answer again. */
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
    const value: unknown = JSON.parse(body.toString('utf8'))
    if (typeof value !== 'object' || value === null || !('error' in value)) return {}
    return typeof value.error === 'object' && value.error !== null ? value.error : {}
  } catch {
    return {}
  }
}

const FIRST_WAIT_MS = 250
const LONGEST_WAIT_MS = 2_000

/**
 * How long to wait before the next try on one target: the upstream's own hint, else doubling from a quarter of a
 * second, with up to a quarter taken off by chance (`random` is 0 to 1). Undefined when the upstream asks for more
 * than two seconds: then another target is the better answer.
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

/** Clients are told to wait no longer, and no upstream's limits are counted over more. */
const LONGEST_COOLDOWN_MS = 60_000

/**
 * For how long an upstream that answered 429 asks to be left alone, in milliseconds: its own hint, else the reset of the
 * limit that is used up. Undefined where it does not say, and for a moment that is rather waited out.
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

/** A duration as OpenAI writes it: `20m52.666s`, `1.182s`, `6ms`. */
function goDurationMs(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|h|m|s))+$/.test(text)) return undefined
  let sum = 0
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)) {
    sum += Number(amount) * (GO_UNITS[unit ?? ''] ?? 0)
  }
  return sum
}

/** `retry-after-ms`, else `retry-after` in seconds; dates are left to the doubling. */
export function hintedWaitMs(headers: Readonly<Record<string, string>>): number | undefined {
  const ms = Number(headers['retry-after-ms'] ?? Number.NaN)
  if (Number.isFinite(ms) && ms >= 0) return ms
  const seconds = Number(headers['retry-after'] ?? Number.NaN)
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined
}
