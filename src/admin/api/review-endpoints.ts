import { z } from 'zod'
import { DAY } from '../../base/durations.ts'
import { agreementOf } from '../view/agreement.ts'
import { shownRow } from '../view/shown-row.ts'
import { Agreement } from './answers/agreement.ts'
import { Review } from './answers/review.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { CURSOR, FILTERS, TIMES } from './list-query.ts'
import type { RequestParts } from './request-endpoints.ts'
import { fromViews } from './view-refusal.ts'

const limit = z.coerce.number().int().min(1).max(200).default(50)
const { team } = FILTERS
const { since } = TIMES

/** How far back rows to label are searched for. */
const REVIEWED_MS = 7 * DAY

/** What to label next, and how labels compare with decisions. */
export function reviewEndpoints({ views, now }: RequestParts): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/api/review',
      role: 'reviewer',
      summary:
        'List unlabelled requests, the least certain and most expensive first. Default: the last seven days.',
      query: z.strictObject({ limit, cursor: CURSOR, team, since }),
      answer: Review,
      async run({ query }) {
        const filter = { team: query.team, since: query.since ?? now() - REVIEWED_MS }
        const { rows, next, complete } = await fromViews(views.review(filter, query.limit, query.cursor))
        const data = rows.map(({ worth, ...row }) => ({ ...shownRow(row), worth }))
        return { data, next_cursor: next ?? null, complete }
      },
    }),
    endpoint({
      method: 'GET',
      path: '/api/agreement',
      role: 'reviewer',
      summary:
        'Show how often labels and verdicts agree: confusion matrix, reliability, by team and language.',
      query: z.strictObject({ team, since }),
      answer: Agreement,
      async run({ query }) {
        const { groups, complete } = await fromViews(views.labelled(query))
        return agreementOf(groups, complete)
      },
    }),
  ]
}
