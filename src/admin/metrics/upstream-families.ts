import type { Telemetry } from '../../telemetry/telemetry.ts'
import type { Family } from './family.ts'

export interface TargetVitals {
  readonly upstream: string
  readonly model: string
  /** `up`, `resting` and so on: src/upstream/health.ts. */
  readonly condition: string
}

export interface UpstreamVitals {
  readonly targets: readonly TargetVitals[]
  /** How many more retries each upstream allows now. */
  readonly retriesLeft: readonly { readonly upstream: string; readonly left: number }[]
  /** Model name and the day its vendor shuts it down, in milliseconds since the epoch. */
  readonly shutdowns: readonly { readonly model: string; readonly at: number }[]
}

/** State of the upstreams. */
export function upstreamFamilies({ targets }: Telemetry, vitals: () => UpstreamVitals): readonly Family[] {
  return [
    {
      name: 'trivium_upstream_attempts_total',
      help: 'Attempts at each model on each upstream, by result.',
      type: 'counter',
      labels: ['upstream', 'model', 'result'],
      samples: () =>
        [...targets.all()].flatMap(({ upstream, model, results }) =>
          [...results].map(([result, count]) => [{ upstream, model, result }, count] as const),
        ),
    },
    {
      name: 'trivium_upstream_condition',
      help: '1 for the current condition of a model on an upstream: up, strained, resting, trying, gone or retired.',
      type: 'gauge',
      labels: ['upstream', 'model', 'condition'],
      samples: () => vitals().targets.map((target) => [{ ...target }, 1]),
    },
    {
      name: 'trivium_upstream_retries_left',
      help: 'Retries left in the retry budget of an upstream.',
      type: 'gauge',
      labels: ['upstream'],
      samples: () => vitals().retriesLeft.map(({ upstream, left }) => [{ upstream }, left]),
    },
    {
      name: 'trivium_model_shutdown_timestamp_seconds',
      help: 'When the vendor shuts down a routed model.',
      type: 'gauge',
      labels: ['model'],
      samples: () => vitals().shutdowns.map(({ model, at }) => [{ model }, at / 1000]),
    },
  ]
}
