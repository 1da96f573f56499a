import type { Clock } from '../base/clock.ts'
import type { Target } from '../base/target.ts'
import { RetryBudget } from './retry-budget.ts'

/**
 * How a target does. `resting`: it failed so often in a row that it is left alone. `trying`: one request after the
 * rest may show whether it is back. `gone`: its upstream says there is no such model. Times are `Clock.elapsed()`: a
 * wall clock that is set back would keep a target out for as long.
 */
type State =
  | { readonly is: 'up'; readonly failures: number }
  | { readonly is: 'resting'; readonly until: number; readonly restMs: number }
  | { readonly is: 'trying'; readonly since: number; readonly restMs: number }
  | { readonly is: 'gone'; readonly until: number }

/** `retired`: its vendor has taken it away for good. `strained`: up, but its upstream has asked for a pause. */
export type Condition = State['is'] | 'retired' | 'strained'

interface Absence {
  readonly reason: string
  readonly retryAfterMs: number | undefined
}

const FAILURES_TO_REST = 5
const FIRST_REST_MS = 2_000
const LONGEST_REST_MS = 60_000
const GONE_FOR_MS = 10 * 60_000
/** A trial whose request never reports back frees the place for another one. */
const TRIAL_MS = 30_000

const UP: State = { is: 'up', failures: 0 }

/** A circuit breaker for each target, and the memory of targets that their upstream does not know any more. */
export class TargetHealth {
  readonly #states = new Map<string, State>()
  readonly #strained = new Map<string, number>()
  readonly #retries = new Map<string, RetryBudget>()
  readonly #clock: Clock
  readonly #retired: (target: Target) => Absence | undefined

  /** `retired` says why a target need not be asked at all, where its vendor has taken it away for good. */
  constructor(clock: Clock, retired: (target: Target) => Absence | undefined = () => undefined) {
    this.#clock = clock
    this.#retired = retired
  }

  /**
   * Why the target should not be tried now, and after how many milliseconds it may be (undefined for a model its
   * upstream does not know any more); undefined when it may be tried at once. Asking changes nothing.
   */
  absenceOf(target: Target): Absence | undefined {
    const retired = this.#retired(target)
    if (retired !== undefined) return retired
    const state = this.#stateOf(target)
    const now = this.#clock.elapsed()
    if (state.is === 'up') return undefined
    const until = state.is === 'trying' ? state.since + TRIAL_MS : state.until
    if (now >= until) return undefined
    if (state.is === 'gone') return { reason: `not on ${target.upstream} any more`, retryAfterMs: undefined }
    if (state.is === 'resting')
      return { reason: 'resting after failures in a row', retryAfterMs: until - now }
    // Most trials are over within moments: nobody is told to wait for one that may never be.
    return { reason: 'being tried after a rest', retryAfterMs: Math.min(until - now, state.restMs) }
  }

  /** Whether its upstream has asked to be left alone for a moment, as those do that are asked too much. */
  isStrained(target: Target): boolean {
    const until = this.#strained.get(keyOf(target))
    return until !== undefined && until > this.#clock.elapsed()
  }

  /** Its upstream has asked for so much of a pause: others are asked first meanwhile. */
  strained(target: Target, forMs: number): void {
    this.#strained.set(keyOf(target), this.#clock.elapsed() + forMs)
  }

  /** How the target does, in one word. */
  conditionOf(target: Target): Condition {
    if (this.#retired(target) !== undefined) return 'retired'
    const { is } = this.#stateOf(target)
    return is === 'up' && this.isStrained(target) ? 'strained' : is
  }

  /** How many further attempts its upstream would bear now. */
  retriesLeft({ upstream }: Pick<Target, 'upstream'>): number {
    return Math.floor(this.#retries.get(upstream)?.left ?? new RetryBudget().left)
  }

  /** Takes a further attempt from what its upstream can bear. */
  mayRetry(target: Target): boolean {
    return this.#retriesOf(target).take()
  }

  /** Says that a request is on its way: after a rest it is the trial, and others wait for its end. */
  started(target: Target): void {
    this.#retriesOf(target).earn()
    const state = this.#stateOf(target)
    if (state.is === 'resting' || state.is === 'trying') {
      this.#states.set(keyOf(target), { is: 'trying', since: this.#clock.elapsed(), restMs: state.restMs })
    }
  }

  /** An answer has begun: the trial is over, but until an answer is complete one more failure means another rest. */
  answering(target: Target): void {
    if (this.#stateOf(target).is === 'trying') {
      this.#states.set(keyOf(target), { is: 'up', failures: FAILURES_TO_REST - 1 })
    }
  }

  /** An answer is complete. */
  succeeded(target: Target): void {
    if (this.#states.get(keyOf(target)) !== undefined) this.#states.delete(keyOf(target))
  }

  failed(target: Target): void {
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
    } else if (state.is === 'trying') {
      const restMs = Math.min(LONGEST_REST_MS, state.restMs * 2)
      this.#states.set(keyOf(target), { is: 'resting', until: now + restMs, restMs })
    }
  }

  gone(target: Target): void {
    this.#states.set(keyOf(target), { is: 'gone', until: this.#clock.elapsed() + GONE_FOR_MS })
  }

  /** An upstream bears what it bears, whichever of its models is asked. */
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

function keyOf(target: Target): string {
  return `${target.upstream}\n${target.sentModel}`
}
