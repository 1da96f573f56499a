import type { ListFilter } from '../../views.ts'

/** Causes that most rows have are found by time. */
const UNUSUAL_CAUSE = `cause NOT IN ('model', 'abstained')`
const COMMON_CAUSES: readonly unknown[] = ['model', 'abstained']

/** SQL: indexes by which rows of one model or of an unusual cause are found, however rare they are. */
export const LISTED_BY = `CREATE INDEX ledger_by_target ON ledger (target, at);
  CREATE INDEX ledger_by_cause ON ledger (cause, at) WHERE ${UNUSUAL_CAUSE};`

/** SQL for a list's filter. */
export interface ListConditions {
  /** What one index answers in the order of time. */
  readonly indexed: string
  /** What is asked of each row of a slice that the index gives. */
  readonly asked: string
  readonly values: readonly (string | number)[]
}

/** A value and the SQL that asks for it as `?`. */
interface Condition {
  readonly value: string | number | undefined
  readonly sql: string
  /** An index has the rows of one value in the order of time; of some only where this is true. */
  readonly indexedWhere?: string
}

/**
 * Values are numbered from this place on. One condition only is left to an index, the one that fewest rows meet: two
 * that no row meets together would have Postgres search all rows of one of them. Of a text only what no escape can
 * change is looked for here.
 */
export function listConditions(filter: ListFilter, firstPlace: number): ListConditions {
  const conditions = conditionsOf(filter).filter(({ value }) => value !== undefined)
  const driver = conditions.find(({ indexedWhere }) => indexedWhere !== undefined)
  const values: (string | number)[] = []
  const written = ({ value, sql }: Condition) => {
    if (!sql.includes('?')) return sql
    values.push(value ?? '')
    return sql.replace('?', `$${firstPlace + values.length - 1}`)
  }
  const indexed = [
    ...(driver === undefined ? [] : [written(driver), driver.indexedWhere ?? 'true']),
    ...(filter.until === undefined ? [] : [written({ value: filter.until, sql: 'at < ?' })]),
  ]
  const asked = conditions.filter((condition) => condition !== driver).map(written)
  return { indexed: allOf(indexed), asked: allOf(asked), values }
}

/** Those that have an index first, as rare as rows that meet them tend to be. */
function conditionsOf(filter: ListFilter): readonly Condition[] {
  const { label, outcome, cause, text } = filter
  const isKind = cause?.endsWith(':') === true
  const words = text === undefined ? undefined : coarse(text)
  return [
    label === 'none'
      ? { value: label, sql: 'label IS NULL' }
      : { value: label, sql: 'label = ?', indexedWhere: 'label IS NOT NULL' },
    { value: outcome, sql: 'outcome = ?', ...(outcome !== 'ok' && { indexedWhere: `outcome <> 'ok'` }) },
    isKind || COMMON_CAUSES.includes(cause)
      ? { value: cause, sql: isKind ? 'starts_with(cause, ?)' : 'cause = ?' }
      : { value: cause, sql: 'cause = ?', indexedWhere: UNUSUAL_CAUSE },
    { value: filter.team, sql: 'team = ?', indexedWhere: 'true' },
    { value: text, sql: 'prompt IS NOT NULL', indexedWhere: 'true' },
    { value: filter.model, sql: 'target = ?', indexedWhere: 'true' },
    { value: filter.key, sql: 'key = ?' },
    { value: filter.class, sql: 'class = ?' },
    { value: filter.endpoint, sql: 'endpoint = ?' },
    { value: filter.confidenceMin, sql: 'confidence >= ?' },
    { value: filter.confidenceMax, sql: 'confidence <= ?' },
    { value: words, sql: 'prompt ILIKE ?' },
  ]
}

function allOf(conditions: readonly string[]): string {
  return conditions.length === 0 ? 'true' : conditions.join(' AND ')
}

/** The longest run of plain letters and digits, which stand in JSON and in every collation as they are. */
function coarse(text: string): string | undefined {
  const runs = text.match(/[a-z0-9]{3,}/gi) ?? []
  const [longest] = runs.toSorted((one, other) => other.length - one.length)
  return longest === undefined ? undefined : `%${longest}%`
}
