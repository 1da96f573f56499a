import type { AttemptResult, Observer, Store } from '../flow/ports.ts'
import type { Trip } from '../flow/trip.ts'
import type { Closing } from '../ledger/row.ts'
import { Histogram, OWN_MS } from './histogram.ts'
import { Latencies } from './latencies.ts'
import { RefusalTally } from './refusal-tally.ts'
import { NONE, RequestTally } from './request-tally.ts'
import { TargetTally } from './target-tally.ts'
import { VerdictTally } from './verdict-tally.ts'

/** The parts of a trip that are counted. */
type Counted = Pick<Trip, 'key' | 'routed' | 'endpoint'>
type Attempted = Pick<Trip, 'target' | 'forwardedTo'>

/** The names in a configuration: the only label values of metrics. */
export interface KnownNames {
  readonly teams: Iterable<string>
  readonly models: Iterable<string>
  /** Every place of an upstream: `openai`, `openai#2`. */
  readonly upstreams: Iterable<string>
}

/** Totals of all requests since the start, in plain numbers. Never waits, writes or builds text. */
export class Telemetry implements Omit<Observer, 'begun'> {
  readonly requests = new RequestTally()
  readonly refusals = new RefusalTally()
  readonly verdicts = new VerdictTally()
  readonly targets = new TargetTally()
  readonly latencies = new Latencies()
  /** Milliseconds a store took to decide about a request. */
  readonly decisions: Readonly<Record<Store, Histogram>> = {
    ledger: new Histogram(OWN_MS),
    limits: new Histogram(OWN_MS),
  }
  readonly reloads = { accepted: 0, refused: 0 }

  /** A configuration takes effect. */
  follow({ teams, models, upstreams }: KnownNames): void {
    const knownTeams = new Set([NONE, ...teams])
    const knownModels = new Set([NONE, ...models])
    this.requests.follow(knownTeams, knownModels)
    this.refusals.follow(knownTeams)
    this.latencies.follow(knownModels)
    this.targets.follow(new Set(upstreams), knownModels)
  }

  ended(trip: Counted, closing: Closing): void {
    this.requests.count(trip, closing)
    this.latencies.observe(trip, closing)
    if (trip.routed !== undefined) this.verdicts.count(trip.routed)
    if (closing.outcome === 'refused') {
      this.refusals.count(trip.key?.team.name ?? NONE, closing.errorCode ?? NONE)
    }
  }

  turnedAway(code: string): void {
    this.refusals.count(NONE, code)
  }

  attempted({ target, forwardedTo }: Attempted, result: AttemptResult): void {
    const upstream = forwardedTo ?? target?.upstream
    if (upstream !== undefined) this.targets.count(upstream, target?.model ?? NONE, result)
  }

  decided(store: Store, ms: number): void {
    this.decisions[store].observe(ms)
  }

  seconded(agrees: boolean): void {
    this.verdicts.shadow[agrees ? 'same' : 'other'] += 1
  }
}
