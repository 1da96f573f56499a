import pino from 'pino'
import { Counter, Histogram, Registry } from 'prom-client'
import { requestId } from '../../../src/base/ids.ts'
import type { Closing } from '../../../src/ledger/row.ts'
import { RequestLog } from '../../../src/telemetry/request-log.ts'
import { Telemetry } from '../../../src/telemetry/telemetry.ts'
import { closing, trip } from '../../unit/telemetry/samples.ts'

/**
 * The cost of counting a request and writing its log line, in nanoseconds: `node
 * test/bench/telemetry/run.ts`. Compares ours with the same counts kept by prom-client and the same line
 * written by pino. Each runs several times in rotation and the minimum is reported, because other load only
 * adds to it.
 */
const REQUESTS = 400_000
const ROUNDS = 7

const CLASSES = ['stem_reasoning', 'factual_recall', 'language_heavy'] as const
const MODELS = ['o1-mini', 'gpt-4o-mini', 'gpt-4o'] as const

const ATTEMPTED = { target: undefined, forwardedTo: 'openai' }

/** Varied requests, created before timing starts. */
const requests = Array.from({ length: 300 }, (_, index) => {
  const place = index % 3
  const of = {
    ...trip({ team: `team-${index % 50}`, class: CLASSES[place] ?? null }),
    id: requestId(1_790_000_000_000 + index),
    stream: false,
    requestedModel: 'auto',
    trace: undefined,
  }
  const end = closing({
    target: MODELS[place] ?? null,
    outcome: index % 20 === 0 ? 'broken' : 'ok',
    msTotal: 100 + index,
    msToFirstByte: index,
  })
  return { of, end }
})

function ours(): (of: Counted, end: Closing) => void {
  const telemetry = new Telemetry()
  telemetry.follow({
    teams: Array.from({ length: 50 }, (_, index) => `team-${index}`),
    models: MODELS,
    upstreams: ['openai'],
  })
  return (of, end) => {
    telemetry.decided('limits', 0.02)
    telemetry.decided('ledger', 0.9)
    telemetry.attempted(ATTEMPTED, 'answered')
    telemetry.ended(of, end)
  }
}

function promClient(): (of: Counted, end: Closing) => void {
  const registers = [new Registry()]
  const counter = (name: string, labelNames: string[]) =>
    new Counter({ name, help: name, labelNames, registers })
  const histogram = (name: string, labelNames: string[]) =>
    new Histogram({ name, help: name, labelNames, registers })
  const all = counter('requests', ['team', 'class', 'model', 'endpoint', 'outcome'])
  const attempts = counter('attempts', ['upstream', 'model', 'result'])
  const sums = ['tokens', 'cost', 'baseline'].map((name) => counter(name, ['team', 'class', 'model']))
  const verdicts = counter('verdicts', ['class', 'cause'])
  const decisions = histogram('decisions', ['store'])
  const byModel = ['first_byte', 'total'].map((name) => histogram(name, ['model']))
  const own = histogram('own', ['endpoint'])
  return ({ key, routed, endpoint }, end) => {
    const team = key?.team.name ?? 'none'
    const spent = { team, class: routed?.class ?? 'none', model: end.target ?? 'none' }
    decisions.observe({ store: 'limits' }, 0.02)
    decisions.observe({ store: 'ledger' }, 0.9)
    attempts.inc({ upstream: 'openai', model: 'none', result: 'answered' })
    all.inc({ ...spent, endpoint, outcome: end.outcome })
    for (const sum of sums) sum.inc(spent, end.cost)
    for (const each of byModel) each.observe({ model: spent.model }, end.msTotal)
    own.observe({ endpoint }, end.msProxy)
    verdicts.inc({ class: spent.class, cause: routed?.cause ?? 'none' })
  }
}

type Counted = Parameters<RequestLog['write']>[0]

/** The log's destination: lines are built and discarded. */
const nowhere = {
  characters: 0,
  write(line: string) {
    this.characters += line.length
  },
}

function ourLine(): (of: Counted, end: Closing) => void {
  const settings = { requests: 'all', sample: 1 } as const
  const log = new RequestLog({
    settings,
    leastLevel: 30,
    lines: nowhere,
    now: () => Date.now(),
    random: Math.random,
  })
  return (of, end) => log.write(of, end)
}

function pinoLine(): (of: Counted, end: Closing) => void {
  const log = pino({ level: 'info' }, nowhere)
  return ({ id, key, endpoint, stream, requestedModel, routed }, end) => {
    const facts = {
      request: id,
      team: key?.team.name,
      key: key?.id,
      endpoint,
      stream,
      requested_model: requestedModel,
      class: routed?.class,
      confidence: routed?.confidence,
      cause: routed?.cause,
      target: end.target,
      upstream: end.upstream,
      answered_model: end.answeredModel,
      attempts: end.attempts,
      status: end.status,
      outcome: end.outcome,
      input_tokens: end.inputTokens,
      cached_tokens: end.cachedTokens,
      output_tokens: end.outputTokens,
      reasoning_tokens: end.reasoningTokens,
      usage_source: end.usageSource,
      cost_nusd: end.cost,
      ms_to_first_byte: end.msToFirstByte,
      ms_total: end.msTotal,
      ms_proxy: end.msProxy,
    }
    log.info(facts, 'request')
  }
}

function nanosecondsOf(count: (of: Counted, end: Closing) => void): number {
  const start = performance.now()
  for (let index = 0; index < REQUESTS; index += 1) {
    const request = requests[index % requests.length]
    if (request !== undefined) count(request.of, request.end)
  }
  return ((performance.now() - start) * 1e6) / REQUESTS
}

const contestants = {
  nothing: () => {},
  'counts, ours': ours(),
  'counts, prom-client': promClient(),
  'line, ours': ourLine(),
  'line, pino': pinoLine(),
}
const least = new Map<string, number>()
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [name, count] of Object.entries(contestants)) {
    least.set(name, Math.min(least.get(name) ?? Number.POSITIVE_INFINITY, nanosecondsOf(count)))
  }
}
for (const [name, ns] of least) console.log(`${name.padEnd(20)} ${ns.toFixed(0).padStart(6)} ns a request`)
