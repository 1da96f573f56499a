import type { SQLInputValue } from 'node:sqlite'
import type { ListFilter } from '../../views.ts'
import { glanced } from './glance.ts'

/** SQL for a list's filter: conditions an index may answer, and conditions checked for each row. */
interface ListConditions {
  readonly where: string
  readonly values: Readonly<Record<string, SQLInputValue>>
}

const EQUALS = { key: 'key', class: 'class', model: 'target', endpoint: 'endpoint' } as const

/** Text is matched by the SQL function `says`, which knows how prompts are stored. */
export function listConditions(filter: ListFilter): ListConditions {
  const indexed: string[] = []
  const asked: string[] = []
  const values: Record<string, SQLInputValue> = {}
  const ask = (name: string, value: SQLInputValue | undefined, condition: string, to = asked) => {
    if (value === undefined) return
    to.push(condition)
    values[name] = value
  }
  ask('team', filter.team, 'team = :team', indexed)
  // SQLite does not infer that the partial indexes of unusual outcomes and of labels cover these conditions.
  ask('outcome', filter.outcome, 'outcome = :outcome', indexed)
  if (filter.outcome !== undefined && filter.outcome !== 'ok') indexed.push(`outcome <> 'ok'`)
  if (filter.label === 'none') asked.push('label IS NULL')
  else ask('label', filter.label, 'label = :label AND label IS NOT NULL', indexed)
  for (const [name, column] of Object.entries(EQUALS))
    ask(name, filter[name as keyof typeof EQUALS], `${column} = :${name}`)
  if (filter.cause?.endsWith(':')) {
    ask('cause', filter.cause, 'substr(cause, 1, length(:cause)) = :cause')
  } else ask('cause', filter.cause, 'cause = :cause')
  ask('least', filter.confidenceMin, 'confidence >= :least')
  ask('most', filter.confidenceMax, 'confidence <= :most')
  ask('since', filter.since, 'at >= :since')
  ask('until', filter.until, 'at < :until')
  ask('text', filter.text?.toLowerCase(), 'prompt IS NOT NULL AND says(prompt, :text)')
  const each = asked.length === 0 ? 'true' : asked.join(' AND ')
  return { where: [...indexed, glanced(each)].join(' AND '), values }
}
