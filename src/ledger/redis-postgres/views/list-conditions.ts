import type { ListFilter } from '../../views.ts'

/**
 * The causes of most rows need no index; such rows are found by time. SQL: the condition of the index
 * `ledger_by_cause`, word for word.
 */
const UNUSUAL_CAUSE = `cause NOT IN ('model', 'abstained')`
const COMMON_CAUSES: readonly unknown[] = ['model', 'abstained']

/** SQL for a list's filter. */
interface ListConditions {
  /** The part that one index answers in time order. */
  readonly indexed: string
  /** The part checked for each row of a slice that the index returns. */
  readonly asked: string
  readonly values: readonly (string | number)[]
}

/** A value and the SQL that tests for it as `?`. */
interface Condition {
  readonly value: string | number | undefined
  readonly sql: string
  /**
   * Set if an index has the rows of one value in time order. The index covers only rows that satisfy this
   * condition.
   */
  readonly indexedWhere?: string
}

/**
 * Values are numbered from `firstNumber`. Only one condition is left to an index, the one that fewest rows
 * meet: given two that no row meets together, Postgres would search all rows of one of them. Of a text, only
 * the part that no escaping can change is tested here.
 */
export function listConditions(filter: ListFilter, firstNumber: number): ListConditions {
  const conditions = conditionsOf(filter).filter(({ value }) => value !== undefined)
  const driver = conditions.find(({ indexedWhere }) => indexedWhere !== undefined)
  const values: (string | number)[] = []
  const written = ({ value, sql }: Condition) => {
    if (!sql.includes('?')) return sql
    values.push(value ?? '')
    return sql.replace('?', `$${firstNumber + values.length - 1}`)
  }
  const indexed = [
    ...(driver === undefined ? [] : [written(driver), driver.indexedWhere ?? 'true']),
    ...(filter.until === undefined ? [] : [written({ value: filter.until, sql: 'at < ?' })]),
  ]
  const asked = conditions.filter((condition) => condition !== driver).map(written)
  return { indexed: allOf(indexed), asked: allOf(asked), values }
}

/** Indexed conditions first, ordered by how rare matching rows tend to be. */
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

/** The longest run of plain letters and digits: these appear unchanged in JSON and in every collation. */
function coarse(text: string): string | undefined {
  const runs = text.match(/[a-z0-9]{3,}/gi) ?? []
  const [longest] = runs.toSorted((one, other) => other.length - one.length)
  return longest === undefined ? undefined : `%${longest}%`
}
