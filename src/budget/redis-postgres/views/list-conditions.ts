import type { ListFilter } from '../../views.ts'

/** SQL for a list's filter: what an index may answer, and what is asked of the rows of a slice. */
export interface ListConditions {
  readonly indexed: string
  readonly asked: string
  readonly values: readonly (string | number)[]
}

/** Values are numbered from this place on. Of a text only what no escape can change is looked for here. */
export function listConditions(filter: ListFilter, firstPlace: number): ListConditions {
  const values: (string | number)[] = []
  const condition = (value: string | number | undefined, sql: string) => {
    if (value === undefined) return []
    values.push(value)
    return [sql.replace('?', `$${firstPlace + values.length - 1}`)]
  }
  const indexed = [
    ...condition(filter.team, 'team = ?'),
    ...condition(filter.outcome, 'outcome = ?'),
    ...(filter.outcome !== undefined && filter.outcome !== 'ok' ? [`outcome <> 'ok'`] : []),
    ...(filter.label === undefined || filter.label === 'none'
      ? []
      : condition(filter.label, 'label = ? AND label IS NOT NULL')),
    ...condition(filter.until, 'at < ?'),
  ]
  const asked = [
    ...condition(filter.key, 'key = ?'),
    ...condition(filter.class, 'class = ?'),
    ...condition(filter.model, 'target = ?'),
    ...condition(filter.endpoint, 'endpoint = ?'),
    ...condition(filter.cause, filter.cause?.endsWith(':') ? 'starts_with(cause, ?)' : 'cause = ?'),
    ...condition(filter.confidenceMin, 'confidence >= ?'),
    ...condition(filter.confidenceMax, 'confidence <= ?'),
    ...(filter.label === 'none' ? ['label IS NULL'] : []),
    ...(filter.text === undefined
      ? []
      : ['prompt IS NOT NULL', ...condition(coarse(filter.text), 'prompt ILIKE ?')]),
  ]
  return { indexed: ['true', ...indexed].join(' AND '), asked: ['true', ...asked].join(' AND '), values }
}

/** The longest run of plain letters and digits, which stand in JSON and in every collation as they are. */
function coarse(text: string): string | undefined {
  const runs = text.match(/[a-z0-9]{3,}/gi) ?? []
  const [longest] = runs.toSorted((one, other) => other.length - one.length)
  return longest === undefined ? undefined : `%${longest}%`
}
