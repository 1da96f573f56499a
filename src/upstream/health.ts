import type { Absence, BreakerTrial } from '../base/availability.ts'
import type { Clock } from '../base/clock.ts'
import type { Target } from '../base/target.ts'
import { RetryBudget } from './retry-budget.ts'

/**
 * State of a target's circuit breaker. `resting`: open, after too many failures in a row. `trying`:
 * half-open, one request after the rest shows whether it is back. `gone`: its upstream has no such model.
 * Times are `Clock.elapsed()`: a wall clock set back would keep a target out for just as long.
 */
type State =
  | { readonly is: 'up'; readonly failures: number }
  | { readonly is: 'resting'; readonly until: number; readonly restMs: number }
  | (BreakerTrial & { readonly is: 'trying'; readonly restMs: number })
  | { readonly is: 'gone'; readonly until: number }

/** `retired`: removed by its vendor for good. `strained`: up, but its upstream has asked for a pause. */
export type Condition = State['is'] | 'retired' | 'strained'

const FAILURES_TO_REST = 5
const FIRST_REST_MS = 2_000
const LONGEST_REST_MS = 60_000
const GONE_FOR_MS = 10 * 60_000
/** A trial that never reports back makes way for another one. */
const TRIAL_MS = 30_000

const UP: State = { is: 'up', failures: 0 }

/** A circuit breaker per target, and a record of models their upstream no longer has. */
export class TargetHealth {
  readonly #states = new Map<string, State>()
  readonly #strained = new Map<string, number>()
  readonly #retries = new Map<string, RetryBudget>()
  readonly #clock: Clock
  readonly #retired: (target: Target) => Absence | undefined

  /** `retired` says why a target need not be asked, if its vendor has removed it for good. */
  constructor(clock: Clock, retired: (target: Target) => Absence | undefined = () => undefined) {
    this.#clock = clock
    this.#retired = retired
  }

  /**
   * Why the target should not be tried now, and after how many milliseconds it may be (undefined for a model
   * its upstream no longer has); undefined if it may be tried at once. A pure query.
   */
  absenceOf(target: Target): Absence | undefined {
    const retired = this.#retired(target)
    if (retired !== undefined) return retired
    const state = this.#stateOf(target)
    const now = this.#clock.elapsed()
    if (state.is === 'up') return undefined
    const until = endOf(state)
    if (now >= until) return undefined
    if (state.is === 'gone') return { reason: `not on ${target.upstream} any more`, retryAfterMs: undefined }
    if (state.is === 'resting')
      return { reason: 'resting after failures in a row', retryAfterMs: until - now }
    // Most trials end within moments, so nobody is told to wait for the trial's timeout.
    return { reason: 'being tried after a rest', retryAfterMs: Math.min(until - now, state.restMs) }
  }

  /** Whether its upstream has asked for a pause, as overloaded ones do. */
  isStrained(target: Target): boolean {
    const until = this.#strained.get(keyOf(target))
    return until !== undefined && until > this.#clock.elapsed()
  }

  /** Its upstream has asked for a pause this long; others are asked first meanwhile. */
  strained(target: Target, forMs: number): void {
    this.#strained.set(keyOf(target), this.#clock.elapsed() + forMs)
  }

  /** The target's condition, in one word. */
  conditionOf(target: Target): Condition {
    if (this.#retired(target) !== undefined) return 'retired'
    const { is } = this.#stateOf(target)
    return is === 'up' && this.isStrained(target) ? 'strained' : is
  }

  /** How many more retries its upstream can take now. */
  retriesLeft({ upstream }: Pick<Target, 'upstream'>): number {
    return Math.floor(this.#retries.get(upstream)?.left ?? new RetryBudget().left)
  }

  /** Takes a retry from its upstream's budget. */
  mayRetry(target: Target): boolean {
    return this.#retriesOf(target).take()
  }

  /**
   * Call when an attempt starts. Returns the trial if this is the first attempt after a rest, whose outcome
   * the others wait for; undefined otherwise.
   */
  started(target: Target): BreakerTrial | undefined {
    this.#retriesOf(target).earn()
    const state = this.#stateOf(target)
    if (state.is !== 'resting' && state.is !== 'trying') return undefined
    const now = this.#clock.elapsed()
    if (now < endOf(state)) return undefined
    const trial = { is: 'trying', since: now, restMs: state.restMs } as const
    this.#states.set(keyOf(target), trial)
    return trial
  }

  /**
   * The request that `started` says nothing about the target: it never left, for reasons of our own, or its
   * client did not wait. If it was the trial, the next one is.
   */
  inconclusive(target: Target, trial: BreakerTrial | undefined): void {
    const state = this.#stateOf(target)
    if (state.is !== 'trying' || state !== trial) return
    const { restMs } = state
    this.#states.set(keyOf(target), { is: 'resting', until: this.#clock.elapsed(), restMs })
  }

  /** An answer has begun, so the trial is over. Until it is complete, one more failure means another rest. */
  answering(target: Target): void {
    if (this.#stateOf(target).is === 'trying') {
      this.#states.set(keyOf(target), { is: 'up', failures: FAILURES_TO_REST - 1 })
    }
  }

  /** An answer is complete. */
  succeeded(target: Target): void {
    if (this.#states.get(keyOf(target)) !== undefined) this.#states.delete(keyOf(target))
  }

  /**
   * One failure more; after a few in a row the target rests, longer each time a trial fails. During a trial
   * only failures of trials count, even of one that took too long: requests that were sent before the rest
   * say nothing new.
   */
  failed(target: Target, trial?: BreakerTrial): void {
    const state = this.#stateOf(target)
    if (state.is === 'gone') return
    const now = this.#clock.elapsed()
    if (state.is === 'up') {
      const failures = state.failures + 1
      const next: State =
        failures < FAILURES_TO_REST
          ? { is: 'up', failures }
          : { is: 'resting', until: now + FIRST_REST_MS, restMs: FIRST_REST_MS }
      this.#states.set(keyOf(target), next)
    } else if (state.is === 'trying' && trial !== undefined) {
      const restMs = Math.min(LONGEST_REST_MS, state.restMs * 2)
      this.#states.set(keyOf(target), { is: 'resting', until: now + restMs, restMs })
    }
  }

  /** Its upstream has no such model: not asked again for a while. */
  gone(target: Target): void {
    this.#states.set(keyOf(target), { is: 'gone', until: this.#clock.elapsed() + GONE_FOR_MS })
  }

  /** Per upstream: its capacity is shared by all its models. */
  #retriesOf({ upstream }: Target): RetryBudget {
    const known = this.#retries.get(upstream)
    if (known !== undefined) return known
    const fresh = new RetryBudget()
    this.#retries.set(upstream, fresh)
    return fresh
  }

  #stateOf(target: Target): State {
    const state = this.#states.get(keyOf(target)) ?? UP
    return state.is === 'gone' && this.#clock.elapsed() >= state.until ? UP : state
  }
}

/** When the next request may try the target. */
function endOf(state: Exclude<State, { is: 'up' }>): number {
  return state.is === 'trying' ? state.since + TRIAL_MS : state.until
}

function keyOf(target: Target): string {
  return `${target.upstream}\n${target.sentModel}`
}
