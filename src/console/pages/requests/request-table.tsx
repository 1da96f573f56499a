import { Fragment, type ReactElement } from 'react'
import type { ListedRequest } from '../../../admin/api/answers/request-list.ts'
import { wholeDay } from '../../wording/times.ts'
import { RequestRow } from './request-row.tsx'
import classes from './requests.module.css'

interface RequestTableProps {
  readonly rows: readonly ListedRequest[]
  /** Ids of requests that have just arrived. */
  readonly fresh: ReadonlySet<string>
}

/** The log, by day. Columns that do not fit in a narrow window are shown on the request's own page. */
export function RequestTable({ rows, fresh }: RequestTableProps): ReactElement {
  return (
    <table className={classes.table} aria-label="Requests, newest first">
      <thead>
        <tr>
          <th scope="col" className={classes.time}>
            UTC
          </th>
          <th scope="col">Request</th>
          <th scope="col" className={classes.class}>
            Class
          </th>
          <th scope="col" className={classes.model}>
            Model
          </th>
          <th scope="col" className={classes.tokens}>
            Tokens
          </th>
          <th scope="col" className={classes.number}>
            Cost, time
          </th>
          <th scope="col" className={classes.outcome}>
            Outcome
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <Fragment key={row.id}>
            {dayOf(row) !== dayOf(rows[index - 1]) && (
              <tr className={classes.day}>
                <th colSpan={7} scope="rowgroup">
                  {wholeDay(row.at)}
                </th>
              </tr>
            )}
            <RequestRow row={row} isNew={fresh.has(row.id)} />
          </Fragment>
        ))}
      </tbody>
    </table>
  )
}

function dayOf(row: ListedRequest | undefined): string | undefined {
  return row?.at.slice(0, 10)
}
