import { type Failure, fail } from '../base/failure.ts'
import type { Target } from '../base/target.ts'
import type { Usable } from '../routing/decide.ts'
import type { Admitted } from './admit.ts'
import { attemptOnce, type ReservedRequest } from './dispatch/attempt.ts'
import type { Dispatched } from './dispatch/dispatched.ts'
import { isSetback, type Setback } from './dispatch/setback.ts'
import { headerOf } from './exchange.ts'
import type { Ports } from './ports.ts'
import { type Funded, fund, type Reserved } from './reserve.ts'
import type { Trip } from './trip.ts'

/**
 * Asks the candidates in turn, each as often as its upstream's settings allow, until one begins to answer.
 * Never retries after a first byte. If none answers, the client gets the last upstream's own error, or the
 * last failure is thrown.
 */
export async function dispatch(
  ports: Ports,
  trip: Trip,
  admitted: Admitted,
  reserved: Reserved,
): Promise<Dispatched> {
  const request: ReservedRequest = { ports, trip, admitted, reserved }
  trip.dispatchedAt = ports.clock.elapsed()
  trip.exchange.onGone(() => trip.inFlight?.abort())
  let lastWord: Setback['lastWord'] = { code: 'internal_error' }
  const { usable } = reserved.decision
  for (const [index, candidate] of usable.entries()) {
    const hasTwin = usable[index + 1]?.target.model === candidate.target.model
    const outcome = await askCandidate(request, candidate, hasTwin ? 0 : retriesOn(trip, candidate.target))
    if (outcome === undefined) break
    if (!isSetback(outcome)) return outcome
    lastWord = outcome.lastWord
    if (isOverdue(request, candidate.target)) break
  }
  return 'code' in lastWord ? fail(lastWord) : lastWord
}

/** Asks one target until it answers or retries run out. Undefined if nothing pays for another attempt. */
async function askCandidate(
  request: ReservedRequest,
  candidate: Usable,
  retries: number,
): Promise<Dispatched | Setback | undefined> {
  const { trip } = request
  const { health } = request.ports
  const { target } = candidate
  let setback: Setback | undefined
  for (let retry = 0; retry <= retries; retry += 1) {
    // Before the first attempt too: many requests may have been decided on before one of them became the
    // target's trial. Between this look and the attempt nothing is waited for, or they would all pass.
    const absence = health.absenceOf(target)
    if (absence !== undefined) return setback ?? unavailable(target, absence.retryAfterMs)
    const paying = fundingOf(request, candidate)
    const funded = paying instanceof Promise ? await paying : paying
    if (funded === undefined) return setback
    const outcome = await attemptOnce(request, funded, retry)
    if (!isSetback(outcome)) return outcome
    setback = outcome
    if (setback.retryInMs === undefined || retry === retries || isOverdue(request, target)) break
    if (!health.mayRetry(target)) break
    await pause(trip, setback.retryInMs)
  }
  return setback
}

/** None if the client itself is retrying. (A target with a twin gets none either: the twin is asked at once.) */
function retriesOn({ exchange, live }: Trip, { upstream }: Target): number {
  const tried = Number(headerOf(exchange.headers, 'x-stainless-retry-count') ?? 0)
  return tried > 0 ? 0 : live.runtime.retriesOf(upstream)
}

/** What was reserved pays for the first attempt on its candidate; any other needs money of its own. */
function fundingOf(request: ReservedRequest, candidate: Usable): Funded | Promise<Funded | undefined> {
  const { trip, reserved } = request
  const { first } = reserved
  return trip.attempts === 0 && first.quote.candidate === candidate ? first : fundAnother(request, candidate)
}

/** If a store fails, no further attempt is made: what the last upstream said tells the client more. */
async function fundAnother(
  { ports, trip, reserved }: ReservedRequest,
  candidate: Usable,
): Promise<Funded | undefined> {
  try {
    return await fund(trip, reserved, candidate)
  } catch (error) {
    ports.log.error({ request: trip.id, err: error }, 'a store failed, so there is no further attempt')
    return undefined
  }
}

function isOverdue({ ports, trip }: ReservedRequest, { upstream }: Target): boolean {
  return ports.clock.elapsed() - trip.exchange.arrivedAt > trip.live.runtime.totalTimeoutOf(upstream)
}

/** Waits before a retry, but no longer than the client does. */
async function pause(trip: Trip, ms: number): Promise<void> {
  // It may have left between the attempt's end and now, and nobody will say so again.
  if (trip.exchange.gone) fail({ code: 'client_left' })
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms)
    trip.inFlight = {
      abort() {
        clearTimeout(timer)
        resolve()
      },
    }
  })
  if (trip.exchange.gone) fail({ code: 'client_left' })
}

function unavailable(target: Target, retryAfterMs: number | undefined): Setback {
  const lastWord: Failure = {
    code: 'upstream_unavailable',
    target: target.model,
    retryAfterMs: retryAfterMs ?? 60_000,
  }
  return { lastWord, retryInMs: undefined }
}
