import type { Spending } from '../../telemetry/request-tally.ts'
import type { Telemetry } from '../../telemetry/telemetry.ts'
import type { Family, Labels, Plain } from './family.ts'

const SECONDS_PER_MS = 0.001
const USD_PER_NANO = 1e-9

/** Totals over all requests since the process started, from the tallies that every request updates. */
export function requestFamilies({ requests, refusals, latencies, verdicts }: Telemetry): readonly Family[] {
  const spent = (of: (spending: Spending) => number): [Labels, number][] =>
    [...requests.spendings()].map((spending) => [spending.labels, of(spending)])
  const money = (name: string, help: string, of: (spending: Spending) => number): Plain => ({
    name,
    help,
    type: 'counter',
    labels: WHOSE,
    guarded: true,
    samples: () => spent((spending) => of(spending) * USD_PER_NANO),
  })
  return [
    {
      name: 'trivium_requests_total',
      help: 'Requests that have ended, by outcome.',
      type: 'counter',
      labels: ['team', 'class', 'model', 'endpoint', 'outcome'],
      samples: () => [...requests.all()].map((sums) => [sums.labels, sums.requests]),
    },
    {
      name: 'trivium_refusals_total',
      help: 'Requests refused before any upstream was called, by code (see docs/errors.md).',
      type: 'counter',
      labels: ['team', 'code'],
      samples: () => [...refusals.all()].map(({ team, code, count }) => [{ team, code }, count]),
    },
    {
      name: 'trivium_tokens_total',
      help: 'Tokens as recorded in the ledger. Cached tokens are included in input, reasoning tokens in output.',
      type: 'counter',
      labels: [...WHOSE, 'kind'],
      guarded: true,
      samples: () =>
        KINDS.flatMap(([kind, of]) =>
          spent(of).map(([labels, count]): [Labels, number] => [{ ...labels, kind }, count]),
        ),
    },
    money('trivium_cost_usd_total', 'What requests have cost.', ({ cost }) => cost),
    money(
      'trivium_compared_cost_usd_total',
      'Part of the cost for which a baseline is known.',
      ({ comparedCost }) => comparedCost,
    ),
    money(
      'trivium_baseline_usd_total',
      'What that part would have cost on the first model of language_heavy, with the same tokens.',
      ({ baseline }) => baseline,
    ),
    {
      name: 'trivium_first_byte_seconds',
      help: 'From arrival to the first byte of the answer.',
      type: 'histogram',
      labels: ['model'],
      unit: SECONDS_PER_MS,
      samples: () => byName('model', latencies.firstByte),
    },
    {
      name: 'trivium_request_duration_seconds',
      help: 'From arrival to the end of the answer, for requests that reached an upstream.',
      type: 'histogram',
      labels: ['model'],
      unit: SECONDS_PER_MS,
      samples: () => byName('model', latencies.total),
    },
    {
      name: 'trivium_overhead_seconds',
      help: 'From arrival to the first upstream call: the time the proxy itself takes.',
      type: 'histogram',
      labels: ['endpoint'],
      unit: SECONDS_PER_MS,
      samples: () => byName('endpoint', latencies.own),
    },
    {
      name: 'trivium_verdicts_total',
      help: 'Classified requests, by class and by cause of the verdict.',
      type: 'counter',
      labels: ['class', 'cause'],
      samples: () =>
        [...verdicts.all()].map(({ class: name, cause, count }) => [{ class: name, cause }, count]),
    },
    {
      name: 'trivium_verdict_confidence',
      help: 'Calibrated confidence of the classifier’s verdicts.',
      type: 'histogram',
      labels: [],
      unit: 1,
      samples: () => [[{}, verdicts.confidence]],
    },
    {
      name: 'trivium_shadow_verdicts_total',
      help: 'Verdicts of the shadow, by whether its class is the same as the live one.',
      type: 'counter',
      labels: ['verdict'],
      samples: () => Object.entries(verdicts.shadow).map(([verdict, count]) => [{ verdict }, count]),
    },
  ]
}

const WHOSE = ['team', 'class', 'model']

const KINDS: readonly (readonly [string, (spending: Spending) => number])[] = [
  ['input', ({ inputTokens }) => inputTokens],
  ['cached', ({ cachedTokens }) => cachedTokens],
  ['output', ({ outputTokens }) => outputTokens],
  ['reasoning', ({ reasoningTokens }) => reasoningTokens],
]

function byName<T>(label: string, all: { all(): Iterable<readonly [string, T]> }): [Labels, T][] {
  return [...all.all()].map(([name, each]) => [{ [label]: name }, each])
}
