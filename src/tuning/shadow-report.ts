import { z } from 'zod'
import { isPromptClass, PROMPT_CLASSES, type PromptClass } from '../base/prompt-class.ts'
import type { LedgerLine } from '../budget/line.ts'
import { type Comparison, compare, type Pair } from './compare.ts'

/** What a row's evidence keeps of the shadow's verdict. */
const Shadowed = z.looseObject({
  shadow: z.looseObject({
    class: z.enum(PROMPT_CLASSES),
    rules_version: z.string(),
    weights_version: z.string(),
  }),
})

/** Requests that would have gone elsewhere. */
export interface Move {
  readonly from: PromptClass
  readonly to: PromptClass
  readonly rows: number
}

/** What one shadow would have done. */
export interface ShadowReport {
  readonly rules_version: string
  readonly weights_version: string
  /** Requests it judged. */
  readonly rows: number
  readonly moved: number
  /** The most frequent first. */
  readonly moves: readonly Move[]
  /** Who was right on labelled rows: what was live then, or the shadow. Null where none is labelled. */
  readonly labelled: Comparison | null
}

interface Seen {
  readonly rules_version: string
  readonly weights_version: string
  rows: number
  readonly moves: Map<string, Move>
  readonly pairs: Pair[]
}

/** One report for each shadow that judged any of the rows, in the order in which they first did. */
export async function shadowReports(
  rows: Iterable<LedgerLine> | AsyncIterable<LedgerLine>,
): Promise<readonly ShadowReport[]> {
  const shadows = new Map<string, Seen>()
  for await (const row of rows) {
    const parsed = Shadowed.safeParse(row.evidence)
    if (!parsed.success || row.class === null) continue
    const { class: candidate, rules_version, weights_version } = parsed.data.shadow
    const name = `${rules_version} ${weights_version}`
    const seen: Seen = shadows.get(name) ?? {
      rules_version,
      weights_version,
      rows: 0,
      moves: new Map(),
      pairs: [],
    }
    shadows.set(name, seen)
    seen.rows += 1
    if (candidate !== row.class) count(seen.moves, row.class, candidate)
    if (row.label !== null && isPromptClass(row.label))
      seen.pairs.push({ label: row.label, live: row.class, candidate })
  }
  return [...shadows.values()].map(reportOf)
}

function count(moves: Map<string, Move>, from: PromptClass, to: PromptClass): void {
  const name = `${from} ${to}`
  moves.set(name, { from, to, rows: (moves.get(name)?.rows ?? 0) + 1 })
}

function reportOf({ rules_version, weights_version, rows, moves, pairs }: Seen): ShadowReport {
  const sorted = [...moves.values()].sort((a, b) => b.rows - a.rows)
  return {
    rules_version,
    weights_version,
    rows,
    moved: sorted.reduce((sum, move) => sum + move.rows, 0),
    moves: sorted,
    labelled: pairs.length === 0 ? null : compare(pairs),
  }
}
