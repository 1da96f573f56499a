import { DAY } from '../../base/durations.ts'
import { MOST } from '../../base/money.ts'
import { countable, cover, type Stretch } from '../cover.ts'
import type { Grouping, SpendFilter } from '../reader.ts'
import { DAILY, HOURLY, SUMMED, TALLIED_CLASS, TALLIED_TARGET, type TallyTable } from '../tally.ts'

const GROUPS: Readonly<Record<Grouping, string>> = {
  team: 'team',
  key: `team || '/' || key`,
  model: 'target',
  class: 'class',
  day: `(date '1970-01-01' + day)::text`,
}

const SUMS = ['requests', ...Object.keys(SUMMED)]

/**
 * SQL for exact sums of spend: whole days and hours from the tallies, the remaining time from rows. If the
 * filter has them, the team is `$1` and the key `$2`.
 */
export function spendQuery(by: Grouping, filter: SpendFilter, keptSince: number): string {
  const { days, hours, rests } = cover(countable(filter, keptSince))
  const ofTeam = `${filter.team === undefined ? '' : 'AND team = $1'} ${filter.key === undefined ? '' : 'AND key = $2'}`
  const parts = [
    ...days.map((part) => tallied(DAILY, part)),
    ...hours.map((part) => tallied(HOURLY, part)),
    ...rests.map(rowsOf),
  ]
  // Sums are clamped to the largest exact integer, about nine million dollars.
  const sums = SUMS.map((name) => `least(sum(${name}), ${MOST})::bigint AS ${name}`)
  return `SELECT ${GROUPS[by]} COLLATE "C" AS "group", ${sums}
    FROM (${parts.map((part) => `${part} ${ofTeam}`).join(' UNION ALL ')}) AS parts GROUP BY 1 ORDER BY 1`
}

/** The last possible hour and day: the maximum of their integer columns. */
const END = 2 ** 31 - 1

function tallied({ name, column, day, lengthMs }: TallyTable, { since, until }: Stretch): string {
  return `SELECT ${day} AS day, team, key, target, class, ${SUMS} FROM ${name}
    WHERE ${column} >= ${since / lengthMs} AND ${column} < ${Math.min(END, until / lengthMs)}`
}

function rowsOf({ since, until }: Stretch): string {
  const values = Object.values(SUMMED).map((value) => `coalesce(${value}, 0)`)
  return `SELECT (at / ${DAY})::integer, team, key, ${TALLIED_TARGET}, ${TALLIED_CLASS}, 1, ${values}
    FROM ledger WHERE at >= ${since} AND at < ${until}`
}
