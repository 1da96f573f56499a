import type { RoutedVerdict } from '../flow/trip.ts'
import { CONFIDENCE, Histogram } from './histogram.ts'

/** Origins of a verdict; all rules are one. */
export const CAUSES = ['rule', 'model', 'inherited', 'forced', 'abstained', 'pinned'] as const
type CauseKind = (typeof CAUSES)[number]

/** Counts verdicts by class and cause, their confidence, and whether a shadow would have agreed. */
export class VerdictTally {
  readonly #classes = new Map<string, Map<CauseKind, number>>()
  readonly confidence = new Histogram(CONFIDENCE)
  readonly shadow = { same: 0, other: 0 }

  count({ class: promptClass, cause, verdict }: RoutedVerdict): void {
    const name = promptClass ?? 'none'
    const causes = this.#classes.get(name) ?? new Map<CauseKind, number>()
    this.#classes.set(name, causes)
    const kind = CAUSES.find((each) => cause.startsWith(each)) ?? 'model'
    causes.set(kind, (causes.get(kind) ?? 0) + 1)
    if (verdict !== undefined) this.confidence.observe(verdict.confidence)
  }

  *all(): Iterable<{ readonly class: string; readonly cause: string; readonly count: number }> {
    for (const [name, causes] of this.#classes) {
      for (const [cause, count] of causes) yield { class: name, cause, count }
    }
  }
}
