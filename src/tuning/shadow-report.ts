import { z } from 'zod'
import { isPromptClass, PROMPT_CLASSES, type PromptClass } from '../base/prompt-class.ts'
import type { LedgerLine } from '../ledger/line.ts'
import { type Comparison, compare, type Pair } from './compare.ts'
import { type Change, type Move, Moves } from './replay/moves.ts'

/** The shadow's verdict in a row's evidence. */
const Shadowed = z.looseObject({
  shadow: z.looseObject({
    class: z.enum(PROMPT_CLASSES),
    rules_version: z.string(),
    weights_version: z.string(),
  }),
})

/** What one shadow would have done. Money is in nano-dollars. */
export interface ShadowReport {
  readonly rules_version: string
  readonly weights_version: string
  /** Requests it judged. */
  readonly rows: number
  readonly moved: number
  /** By class, most frequent first. */
  readonly moves: readonly Move[]
  /** Who was right on labelled rows, the then live version or the shadow. Null if none is labelled. */
  readonly labelled: Comparison | null
}

/** What a request cost, and what its tokens would have cost in this class; undefined if either is unknown. */
export type CostAs = (row: LedgerLine, promptClass: PromptClass) => Change | undefined

interface Seen {
  readonly rules_version: string
  readonly weights_version: string
  rows: number
  moved: number
  readonly moves: Moves
  readonly pairs: Pair[]
}

/** One report per shadow that judged any of the rows, in order of first appearance. */
export async function shadowReports(
  rows: Iterable<LedgerLine> | AsyncIterable<LedgerLine>,
  costAs: CostAs,
): Promise<readonly ShadowReport[]> {
  const shadows = new Map<string, Seen>()
  for await (const row of rows) {
    const parsed = Shadowed.safeParse(row.evidence)
    if (!parsed.success || row.class === null) continue
    const { class: candidate, rules_version, weights_version } = parsed.data.shadow
    const name = `${rules_version} ${weights_version}`
    const seen = shadows.get(name) ?? begun(rules_version, weights_version)
    shadows.set(name, seen)
    seen.rows += 1
    if (candidate !== row.class) {
      seen.moved += 1
      seen.moves.add(row.class, candidate, costAs(row, candidate))
    }
    if (row.label !== null && isPromptClass(row.label))
      seen.pairs.push({ label: row.label, live: row.class, candidate })
  }
  return [...shadows.values()].map(({ moves, pairs, ...seen }) => ({
    ...seen,
    moves: moves.list(),
    labelled: pairs.length === 0 ? null : compare(pairs),
  }))
}

function begun(rules_version: string, weights_version: string): Seen {
  return { rules_version, weights_version, rows: 0, moved: 0, moves: new Moves(), pairs: [] }
}
