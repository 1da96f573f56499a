import { fail } from '../../base/failure.ts'
import { requestId } from '../../base/ids.ts'
import { ZERO } from '../../base/money.ts'
import type { Row } from '../../ledger/row.ts'
import { forwardable } from '../../upstream/headers.ts'
import type { Admitted } from '../admit.ts'
import { openRow } from '../open-row.ts'
import type { Ports } from '../ports.ts'
import type { Trip } from '../trip.ts'
import { type FinishedBatch, isOutput } from './batch.ts'
import { BatchTally } from './batch-tally.ts'
import { readThrough } from './read-through.ts'

/** The request that brought a batch to light, whose team is charged. */
export interface Finder {
  readonly ports: Ports
  readonly trip: Trip
  readonly admitted: Admitted
}

/** The output of a batch. A batch has one output file, and file ids are unique per upstream. */
export interface Output {
  readonly upstream: string
  readonly file: string
}

/**
 * Charges a finished batch by its output, exactly once: to whoever first sees it finished or fetches its
 * output. Never rejects: if the output cannot be read now, it is tried again when the batch is next seen.
 */
export async function payForBatch(
  finder: Finder,
  upstream: string,
  { outputFile, createdAt }: FinishedBatch,
): Promise<void> {
  const { trip } = finder
  const output = { upstream, file: outputFile }
  await charge(finder, output, async () => {
    const tally = new BatchTally(trip.live.runtime.prices, createdAt || trip.at)
    await readOutput(finder, output, tally)
    return tally
  })
}

/**
 * Charges a batch whose output was just relayed, if the team has seen the file named as such. If that cannot
 * be determined now, the batch is charged when somebody looks at it again. Never rejects.
 */
export async function payForOutput(finder: Finder, output: Output, tally: BatchTally): Promise<void> {
  if (!tally.isBatch) return
  const { ports, admitted } = finder
  if (!(await isOutput(ports, admitted, output.upstream, output.file))) return
  await charge(finder, output, async () => tally)
}

async function charge(finder: Finder, output: Output, read: () => Promise<BatchTally>): Promise<void> {
  const { ledger, log } = finder.ports
  const { upstream, file } = output
  const make = async () => rowOf(finder, output, await read())
  await ledger.recordOnce(`batch:${upstream}/${file}`, make).catch((thrown: unknown) => {
    log.warn({ outputFile: file, err: thrown }, 'a finished batch could not be paid for yet')
  })
}

const NOT_CONFIGURED = 'it is not configured'
const NO_OUTPUT = 'it sent something else in place of the output of a batch'

/** Rejects with a `Refusal` if the upstream does not deliver the whole file. */
async function readOutput(
  { trip: { exchange, live }, admitted: { bearer } }: Finder,
  { upstream, file }: Output,
  tally: BatchTally,
): Promise<void> {
  const source = live.upstream(upstream)
  if (source === undefined) fail({ code: 'upstream_unreachable', target: upstream, detail: NOT_CONFIGURED })
  const attempt = source.start({
    method: 'GET',
    path: `/files/${encodeURIComponent(file)}/content`,
    headers: forwardable({ 'user-agent': exchange.headers['user-agent'] }, bearer !== undefined),
    body: null,
    model: '',
    bearer,
  })
  await readThrough(await attempt.reply, upstream, (chunk) => tally.take(chunk))
  tally.end()
  if (!tally.isOutput) fail({ code: 'upstream_broken', target: upstream, detail: NO_OUTPUT })
}

function rowOf(
  { ports, trip, admitted: { key } }: Finder,
  { upstream, file }: Output,
  tally: BatchTally,
): Row {
  const at = ports.clock.now()
  const { answers, unpriced, cost, models } = tally
  const [model = null, ...others] = models
  return {
    ...openRow(trip, key),
    id: requestId(at),
    at,
    endpoint: 'batches',
    evidence: JSON.stringify({ batch_output: file, answers, unpriced }),
    target: others.length === 0 ? model : null,
    upstream,
    outcome: 'ok',
    status: 200,
    errorCode: null,
    answeredModel: others.length === 0 ? model : null,
    attempts: 0,
    adapted: null,
    inputTokens: tally.inputTokens,
    cachedTokens: tally.cachedTokens,
    outputTokens: tally.outputTokens,
    reasoningTokens: tally.reasoningTokens,
    usageSource: answers === 0 && unpriced > 0 ? 'unpriced' : 'reported',
    cost,
    held: ZERO,
    baseline: null,
    msToFirstByte: null,
    msTotal: 0,
    msProxy: 0,
  }
}
