import { DAY, HOUR } from '../../base/durations.ts'
import { countable, cover, type Stretch } from '../cover.ts'
import type { Grouping, SpendFilter } from '../reader.ts'
import { DAILY, HOURLY, SUMMED, TALLIED_CLASS, TALLIED_TARGET, type TallyTable } from '../tally.ts'
import { boundedSum } from './bounded-sum.ts'
import { SEQ_PER_MS } from './schema.ts'
import { UNTALLIED } from './tally.ts'

const GROUPINGS = {
  team: 'team',
  key: `team || '/' || key`,
  model: 'target',
  class: 'class',
  day: `date(day * ${DAY / 1000}, 'unixepoch')`,
} as const satisfies Record<Grouping, string>

const SUMS = Object.keys(SUMMED)

/**
 * SQL for exact sums of spend: whole days and hours from the tallies, the remaining time from rows, plus rows
 * not yet tallied one by one. If the filter has them, team and key are `:team` and `:key`.
 */
export function spendQuery(by: Grouping, filter: SpendFilter, keptSince: number): string {
  const stretch = countable(filter, keptSince)
  const { days, hours, rests } = cover(stretch)
  const ofKey = filter.key === undefined ? '' : 'AND key = :key'
  const ofTeam = `${filter.team === undefined ? '' : 'AND team = :team'} ${ofKey}`
  const parts = [
    ...days.map((part) => `${tallied(DAILY, part)} ${ofTeam}`),
    ...hours.map((part) => `${tallied(HOURLY, part)} ${ofTeam}`),
    ...rests.map((part) => `${rowsOf(part)} AND ${countedIn(part)} ${ofTeam}`),
    `${rowsOf(stretch)} AND ${UNTALLIED} ${ofTeam}`,
  ]
  // Sums are clamped to the largest exact integer, about nine million dollars: reading a greater one would
  // fail.
  const sums = SUMS.map((name) => `${boundedSum(name)} AS ${name}`)
  return `SELECT ${GROUPINGS[by]} AS "group", ${boundedSum('requests')} AS requests, ${sums}
    FROM (${parts.join(' UNION ALL ')}) GROUP BY 1 ORDER BY 1`
}

function tallied({ name, column, day, lengthMs }: TallyTable, { since, until }: Stretch): string {
  return `SELECT ${day} AS day, team, key, target, class, requests, ${SUMS} FROM ${name}
    WHERE ${column} >= ${since / lengthMs} AND ${column} < ${until / lengthMs}`
}

function rowsOf({ since, until }: Stretch): string {
  return `SELECT at / ${DAY} AS day, team, key, ${TALLIED_TARGET} AS target, ${TALLIED_CLASS} AS class, 1 AS requests,
    ${Object.entries(SUMMED).map(([name, expression]) => `${expression} AS ${name}`)}
    FROM ledger WHERE at >= ${since} AND at < ${until}`
}

/** SQL: where tallied rows of a part of an hour or two can be. */
export function countedIn({ since, until }: Stretch): string {
  return `seq >= ${since * SEQ_PER_MS} AND seq <= (
      SELECT coalesce(max(last_seq), -1) FROM tally_hour
      WHERE hour >= ${Math.floor(since / HOUR)} AND hour <= ${Math.floor((until - 1) / HOUR)})`
}
