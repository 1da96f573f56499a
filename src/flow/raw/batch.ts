import { fail } from '../../base/failure.ts'
import { requestId } from '../../base/ids.ts'
import { type LooseObject, looselyParsed, membersIn } from '../../base/loose-json.ts'
import { ZERO } from '../../base/money.ts'
import type { Row } from '../../budget/row.ts'
import { forwardable } from '../../upstream/headers.ts'
import type { Admitted } from '../admit.ts'
import type { Ports } from '../ports.ts'
import { knownOf } from '../reserve.ts'
import type { Trip } from '../trip.ts'
import { BatchTally } from './batch-tally.ts'
import { readThrough } from './read-through.ts'
import type { Sent } from './send.ts'

/** A batch as shown in an answer. */
interface ShownBatch {
  /** What it has written so far: output and errors. */
  readonly files: readonly string[]
  /** Present once all answers are in and nothing more will be billed. */
  readonly finished: FinishedBatch | undefined
}

export interface FinishedBatch {
  readonly outputFile: string
  /** Milliseconds since the epoch; the prices of this moment apply. */
  readonly createdAt: number
}

const FINISHED: ReadonlySet<unknown> = new Set(['completed', 'expired', 'cancelled'])

/** The batches in an answer about one batch or a list of them. */
export function batchesIn(answer: Buffer): readonly ShownBatch[] {
  const found = membersIn(looselyParsed(answer))
  const batches = found.object === 'list' && Array.isArray(found.data) ? found.data : [found]
  return batches.map(membersIn).flatMap((batch) => (batch.object === 'batch' ? [shown(batch)] : []))
}

function shown(batch: LooseObject): ShownBatch {
  const { status, output_file_id: output, error_file_id: errors, created_at: createdAt } = batch
  const [outputFile] = idsIn([output])
  const isFinished = outputFile !== undefined && FINISHED.has(status)
  const at = typeof createdAt === 'number' ? createdAt * 1000 : 0
  return { files: idsIn([output, errors]), finished: isFinished ? { outputFile, createdAt: at } : undefined }
}

function idsIn(values: readonly unknown[]): readonly string[] {
  return values.flatMap((value) => (typeof value === 'string' && value !== '' ? [value] : []))
}

/** Records, across restarts and replicas, that a team has seen these files named as the output of a batch. */
export function rememberFiles(
  { holders }: Pick<Ports, 'holders'>,
  { key: { team } }: Admitted,
  { upstream }: Sent,
  files: readonly string[],
): void {
  if (files.length === 0) return
  const ids = files.map((file) => seenNameOf(team.name, upstream, file))
  holders.remember(ids, { team: team.name, model: '', upstream, class: null, tokens: undefined })
}

/** Anyone can upload a file with any content, so only a file seen as a batch's output counts as a bill. */
function seenNameOf(team: string, upstream: string, file: string): string {
  return `batch-file:${team}/${upstream}/${file}`
}

/**
 * Charges a finished batch by its output, exactly once: to whoever first sees it finished or fetches its
 * output. Never rejects: if the output cannot be read now, it is tried again when the batch is next seen.
 */
export async function payForBatch(
  ports: Ports,
  trip: Trip,
  admitted: Admitted,
  sent: Sent,
  { outputFile, createdAt }: FinishedBatch,
): Promise<void> {
  const make = async () => {
    const tally = new BatchTally(trip.live.runtime.prices, createdAt || trip.at)
    await readOutput(trip, admitted, sent, outputFile, tally)
    return rowOf(ports, trip, admitted, sent.upstream, outputFile, tally)
  }
  await ports.ledger.recordOnce(nameOf(sent.upstream, outputFile), make).catch((thrown: unknown) => {
    ports.log.warn({ outputFile, err: thrown }, 'a finished batch could not be paid for yet')
  })
}

/** Charges a batch whose output was just relayed, if the team has seen the file named as such. */
export async function payForOutput(
  ports: Ports,
  trip: Trip,
  admitted: Admitted,
  { upstream }: Sent,
  outputFile: string,
  tally: BatchTally,
): Promise<void> {
  if (!tally.isBatch) return
  const { team } = admitted.key
  // If that cannot be determined now, the batch is charged when somebody looks at it again.
  const seen = ports.holders.holderOf(seenNameOf(team.name, upstream, outputFile), true)
  if ((await seen.catch(() => undefined)) === undefined) return
  const make = async () => rowOf(ports, trip, admitted, upstream, outputFile, tally)
  await ports.ledger.recordOnce(nameOf(upstream, outputFile), make).catch((thrown: unknown) => {
    ports.log.warn({ outputFile, err: thrown }, 'a finished batch could not be paid for yet')
  })
}

/** A batch has one output file, and file ids are unique per upstream. */
function nameOf(upstream: string, outputFile: string): string {
  return `batch:${upstream}/${outputFile}`
}

const NO_OUTPUT = 'it sent something else in place of the output of a batch'

/** Rejects with a `Refusal` if the upstream does not deliver the whole file. */
async function readOutput(
  { exchange, live }: Trip,
  { bearer }: Admitted,
  { upstream: name }: Sent,
  outputFile: string,
  tally: BatchTally,
): Promise<void> {
  const attempt = live.upstream(name)?.start({
    method: 'GET',
    path: `/files/${encodeURIComponent(outputFile)}/content`,
    headers: forwardable({ 'user-agent': exchange.headers['user-agent'] }, bearer !== undefined),
    body: null,
    model: '',
    bearer,
  })
  if (attempt === undefined) return
  await readThrough(await attempt.reply, name, (chunk) => tally.take(chunk))
  tally.end()
  if (!tally.isOutput) fail({ code: 'upstream_broken', target: name, detail: NO_OUTPUT })
}

function rowOf(
  ports: Ports,
  trip: Trip,
  { key }: Admitted,
  upstream: string,
  outputFile: string,
  tally: BatchTally,
): Row {
  const at = ports.clock.now()
  const { answers, unpriced, cost, models } = tally
  const [model = null, ...others] = models
  return {
    ...knownOf(trip, key.team.name, key.id),
    id: requestId(at),
    at,
    endpoint: 'batches',
    evidence: JSON.stringify({ batch_output: outputFile, answers, unpriced }),
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
