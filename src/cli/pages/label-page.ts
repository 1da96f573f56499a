import { formatUsd, nanoUsd } from '../../base/money.ts'
import type { LabelEntry } from '../../ledger/label-book.ts'
import type { WorthyRow } from '../../ledger/views.ts'
import { formatTable } from '../terminal/table.ts'

const LONGEST_SHOWN = 60

/** What to label next, with as much of the text as was stored. */
export function worthyRows(rows: readonly WorthyRow[], json: boolean): string {
  if (json) return rows.map((row) => `${JSON.stringify(shown(row))}\n`).join('')
  if (rows.length === 0) return 'nothing to label\n'
  return formatTable(
    [
      { heading: 'request' },
      { heading: 'class' },
      { heading: 'sure', right: true },
      { heading: 'cost USD', right: true },
      { heading: 'words' },
    ],
    rows.map((row) => [
      row.id,
      row.class ?? '–',
      row.confidence?.toFixed(2) ?? '–',
      formatUsd(nanoUsd(row.cost_nusd ?? 0)).slice(0, -3),
      row.excerpt?.slice(0, LONGEST_SHOWN) ?? '–',
    ]),
  )
}

function shown(row: WorthyRow) {
  const { id, at, team, class: promptClass, confidence, cause, cost_nusd, excerpt } = row
  return { id, at, team, class: promptClass, confidence, cause, cost_nusd, words: excerpt }
}

/** The label history of one request. */
export function labelEntries(entries: readonly LabelEntry[], json: boolean): string {
  if (json) return entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')
  if (entries.length === 0) return ''
  return formatTable(
    ['at', 'before', 'label', 'who'].map((heading) => ({ heading })),
    entries.map(({ at, before, label, who }) => [
      new Date(at).toISOString(),
      before ?? '–',
      label ?? '–',
      who,
    ]),
  )
}
