import { requestTime } from '../../base/ids.ts'
import { countedIn } from './spend.ts'
import { UNTALLIED } from './tally.ts'

/** SQL: the `seq` of the row of `:id`. An id encodes its row's time, so the table's own order finds it. */
export function seqOf(id: string): string {
  const at = requestTime(id)
  if (at === undefined) return 'SELECT seq FROM ledger WHERE id = :id AND false'
  const counted = countedIn({ since: at, until: at + 1 })
  return `SELECT seq FROM ledger WHERE id = :id AND ${counted}
    UNION ALL SELECT seq FROM ledger WHERE id = :id AND ${UNTALLIED} LIMIT 1`
}
