import { nanoUsd, toUsd } from '../../base/money.ts'
import type { ShapeLine, UsageLine } from '../../ledger/counted.ts'
import { OUTCOMES, type Outcome } from '../../ledger/row.ts'
import type { Counted } from '../../ledger/views.ts'
import type { Overview } from '../api/answers/overview.ts'
import { percentile } from './percentile.ts'
import { isoOf } from './shown-row.ts'
import type { PageWindow } from './window.ts'

type Sums = Pick<
  Overview,
  'from' | 'to' | 'step_seconds' | 'complete' | 'counted_from' | 'totals' | 'series' | 'confidence_histogram'
>

/** The counts of a window in the form the overview shows. */
export function overviewOf({ from, to, stepMs, steps }: PageWindow, counted: Counted): Sums {
  const shape = Map.groupBy(counted.shape, ({ step }) => step)
  const usage = Map.groupBy(counted.usage, ({ step }) => step)
  return {
    from: isoOf(from),
    to: isoOf(to),
    step_seconds: stepMs / 1000,
    complete: counted.complete,
    counted_from: isoOf(counted.countedFrom),
    totals: totalsOf(counted),
    series: Array.from({ length: steps }, (_, step) =>
      pointOf(from + step * stepMs, shape.get(step) ?? [], usage.get(step) ?? []),
    ),
    confidence_histogram: Array.from({ length: 10 }, (_, tenth) =>
      requestsIn(counted.shape, 'confidence', tenth),
    ),
  }
}

function totalsOf({ shape, usage }: Counted): Overview['totals'] {
  const outcomes = Object.fromEntries(
    OUTCOMES.map((outcome) => [outcome, requestsOf(shape, outcome)]),
  ) as Record<Outcome, number>
  return {
    requests: sumOf(usage, 'requests'),
    ...outcomes,
    cost_usd: usdOf(usage, 'cost_nusd'),
    baseline_usd: usdOf(usage, 'baseline_nusd'),
    input_tokens: sumOf(usage, 'input_tokens'),
    output_tokens: sumOf(usage, 'output_tokens'),
    reasoning_tokens: sumOf(usage, 'reasoning_tokens'),
    cached_tokens: sumOf(usage, 'cached_tokens'),
  }
}

function pointOf(at: number, shape: readonly ShapeLine[], usage: readonly UsageLine[]) {
  const classed = (name: string) =>
    sumOf(
      usage.filter((line) => line.class === name),
      'requests',
    )
  const confidence = shape.filter(({ spread }) => spread === 'confidence')
  const decided = sumOf(confidence, 'requests')
  const between = (name: ShapeLine['spread']) => {
    const durations = new Map(
      shape.filter(({ spread }) => spread === name).map(({ bucket, requests }) => [bucket, requests]),
    )
    return { p50: percentile(durations, 0.5), p95: percentile(durations, 0.95) }
  }
  return {
    at: isoOf(at),
    requests: sumOf(usage, 'requests'),
    errors: requestsOf(shape, 'upstream_error') + requestsOf(shape, 'broken'),
    cost_usd: usdOf(usage, 'cost_nusd'),
    baseline_usd: usdOf(usage, 'baseline_nusd'),
    classes: {
      stem_reasoning: classed('stem_reasoning'),
      factual_recall: classed('factual_recall'),
      language_heavy: classed('language_heavy'),
      none: classed('none'),
    },
    confidence: decided === 0 ? null : sumOf(confidence, 'total') / 1e6 / decided,
    abstained: requestsIn(shape, 'abstained', 0),
    ms_first_byte: between('first_byte'),
    ms_total: between('whole'),
  }
}

function requestsOf(shape: readonly ShapeLine[], outcome: Outcome): number {
  return requestsIn(shape, 'outcome', OUTCOMES.indexOf(outcome))
}

function requestsIn(shape: readonly ShapeLine[], name: ShapeLine['spread'], wanted: number): number {
  return sumOf(
    shape.filter(({ spread, bucket }) => spread === name && bucket === wanted),
    'requests',
  )
}

function sumOf<Name extends string>(lines: readonly Readonly<Record<Name, number>>[], name: Name): number {
  return lines.reduce((sum, line) => sum + line[name], 0)
}

function usdOf(usage: readonly UsageLine[], name: 'cost_nusd' | 'baseline_nusd'): number {
  return toUsd(nanoUsd(sumOf(usage, name)))
}
