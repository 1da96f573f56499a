import { isPromptClass } from '../../base/prompt-class.ts'
import { parseKept, wordsIn } from '../../capture/kept-prompt.ts'
import type { LabelEntry } from '../../ledger/label-book.ts'
import type { LedgerLine } from '../../ledger/line.ts'
import { type ListedRow, listedOf } from '../../ledger/listed-row.ts'
import type { ListedRequest } from '../api/answers/request-list.ts'
import type { Labelling, RequestPage } from '../api/answers/request-page.ts'

/** Milliseconds since the epoch in ISO 8601. */
export function isoOf(at: number): string {
  return new Date(at).toISOString()
}

/** A row under the API's names. A label that is no class, or was withdrawn, is null. */
export function shownRow({ at, label, ...row }: ListedRow): ListedRequest {
  return { ...row, at: isoOf(at), label: label !== null && isPromptClass(label) ? label : null }
}

/** One change of a label under the API's names. */
export function shownLabel({ at, who, label, before }: LabelEntry): Labelling {
  return { at: isoOf(at), by: who, label, was: before }
}

/** A row in full, except the part of the stored prompt that only replay uses: it is not human-readable. */
export function shownWhole(line: LedgerLine): RequestPage['row'] {
  const { features: _features, ...prompt } = (line.prompt !== null && parseKept(line.prompt)) || {}
  return {
    ...shownRow(listedOf(line, wordsIn)),
    evidence: line.evidence,
    prompt: line.prompt === null ? null : prompt,
  }
}
