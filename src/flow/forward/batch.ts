import { type LooseObject, looselyParsed, membersIn } from '../../base/loose-json.ts'
import type { Admitted } from '../admit.ts'
import type { Ports } from '../ports.ts'

/** A batch as shown in an answer. */
interface ShownBatch {
  /** What it has written so far: output and errors. */
  readonly files: readonly string[]
  /** Present once all answers are in and nothing more will be billed. */
  readonly finished: FinishedBatch | undefined
}

/** A batch whose answers can be read, and so charged. */
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
  upstream: string,
  files: readonly string[],
): void {
  if (files.length === 0) return
  const ids = files.map((file) => seenNameOf(team.name, upstream, file))
  holders.remember(ids, { team: team.name, model: '', upstream, class: null, tokens: undefined })
}

/** Whether the team has seen this file named so. False as well if that cannot be determined now. */
export async function isOutput(
  { holders }: Pick<Ports, 'holders'>,
  { key: { team } }: Admitted,
  upstream: string,
  file: string,
): Promise<boolean> {
  const seen = holders.holderOf(seenNameOf(team.name, upstream, file), true)
  return (await seen.catch(() => undefined)) !== undefined
}

/** Anyone can upload a file with any content, so only a file seen as a batch's output counts as a bill. */
function seenNameOf(team: string, upstream: string, file: string): string {
  return `batch-file:${team}/${upstream}/${file}`
}
