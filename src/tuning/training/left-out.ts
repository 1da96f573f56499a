import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeDurably } from '../durable-file.ts'
import { LeftOutRow } from '../manifest.ts'
import { TuningError } from '../tuning-error.ts'

/**
 * Weights trained without some of the labelled rows, and which rows these are. They judge those rows instead
 * of the weights that have memorised them, with whatever rules.
 */
export interface LeftOut {
  readonly rows: readonly LeftOutRow[]
  /** One per fold. */
  readonly weights: readonly Uint8Array[]
}

const ROWS = 'left-out.jsonl'

/** Writes them into a candidate's folder. Throws the file system's error. */
export function writeLeftOut(folder: string, { rows, weights }: LeftOut): void {
  for (const [fold, bytes] of weights.entries()) writeDurably(weightsFile(folder, fold), bytes)
  writeDurably(join(folder, ROWS), rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
}

/** Undefined if a candidate has none. Throws a `TuningError`. */
export function readLeftOut(folder: string): LeftOut | undefined {
  const file = join(folder, ROWS)
  if (!existsSync(file)) return undefined
  try {
    const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean)
    const rows = lines.map((line) => LeftOutRow.parse(JSON.parse(line)))
    const folds = Math.max(-1, ...rows.map(({ fold }) => fold)) + 1
    const weights = Array.from({ length: folds }, (_, fold) => readFileSync(weightsFile(folder, fold)))
    return { rows, weights }
  } catch {
    throw new TuningError(`${file}: cannot be read, or its weights are gone; was it changed by hand?`)
  }
}

function weightsFile(folder: string, fold: number): string {
  return join(folder, `left-out-${fold}.bin`)
}
