import type { ListedRow } from '../../ledger/listed-row.ts'
import type { ListFilter } from '../../ledger/views.ts'

/** Whether a row matches a listener's filter. Text is matched against the excerpt that the row shows. */
export function matches(filter: ListFilter, row: ListedRow): boolean {
  const is = (wanted: string | undefined, value: string | null) => wanted === undefined || wanted === value
  const { cause, text, label, confidenceMin, confidenceMax } = filter
  return (
    is(filter.team, row.team) &&
    is(filter.key, row.key) &&
    is(filter.class, row.class) &&
    is(filter.model, row.target) &&
    is(filter.outcome, row.outcome) &&
    is(filter.endpoint, row.endpoint) &&
    (label === undefined || (row.label ?? 'none') === label) &&
    (cause === undefined ||
      row.cause === cause ||
      (cause.endsWith(':') && row.cause?.startsWith(cause) === true)) &&
    (confidenceMin === undefined || (row.confidence ?? -1) >= confidenceMin) &&
    (confidenceMax === undefined || (row.confidence ?? 2) <= confidenceMax) &&
    (text === undefined || row.excerpt?.toLowerCase().includes(text.toLowerCase()) === true)
  )
}
