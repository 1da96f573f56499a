import { z } from 'zod'
import { PROMPT_CLASSES } from '../../base/prompt-class.ts'
import type { LedgerViews, Look } from '../../ledger/views.ts'
import { isoOf, shownLabel, shownRow, shownWhole } from '../view/shown-row.ts'
import { RequestList } from './answers/request-list.ts'
import { Labellings, RequestPage } from './answers/request-page.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { CURSOR, FILTERS, filterOf, TIMES } from './list-query.ts'
import { Refused } from './refused.ts'
import { fromViews } from './view-refusal.ts'

export interface RequestParts {
  readonly views: LedgerViews
  now(): number
}

const limit = z.coerce.number().int().min(1).max(200).default(50)

/** Recorded requests: the list, one in full, and their labels. */
export function requestEndpoints({ views, now }: RequestParts): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/api/requests',
      role: 'viewer',
      summary: 'List requests, newest first: up to `limit`, or as many as are found before time runs out.',
      query: z.strictObject({ limit, cursor: CURSOR, ...FILTERS, ...TIMES }),
      answer: RequestList,
      async run({ query: { limit: most, cursor, ...filter } }) {
        const look = await fromViews(views.list(filterOf(filter), most, cursor))
        return { data: look.rows.map(shownRow), ...edgesOf(look) }
      },
    }),
    endpoint({
      method: 'GET',
      path: '/api/requests/:id',
      role: 'viewer',
      summary: 'Get one request in full: what was decided and why, its cost, its labels.',
      answer: RequestPage,
      async run({ params: { id } }) {
        const found = await fromViews(views.row(id))
        if (found === undefined) throw noRequest(id)
        return {
          row: shownWhole(found.row),
          labels: found.labels.map(shownLabel),
          conversation: found.conversation.map(shownRow),
        }
      },
    }),
    endpoint({
      method: 'POST',
      path: '/api/requests/:id/label',
      role: 'reviewer',
      summary:
        'Label a request with the class it should have had. `null` removes the label, `undo` reverts the last change.',
      body: z.strictObject({ label: z.enum([...PROMPT_CLASSES, 'undo']).nullable() }),
      answer: Labellings,
      async run({ params: { id }, body, caller }) {
        const said = { id, label: body.label ?? 'none', who: caller.name, at: now() } as const
        const entry = await fromViews(views.label(said))
        if (entry === 'no_row') throw noRequest(id)
        if (entry === 'nothing_to_undo')
          throw new Refused(409, 'nothing_to_undo', `Nobody has labelled the request "${id}".`)
        const labels = await fromViews(views.labels(id))
        return { id, label: entry.label, labels: labels.map(shownLabel) }
      },
    }),
  ]
}

/** The refusal for an unknown id. */
export function noRequest(id: string): Refused {
  return new Refused(404, 'request_not_found', `No request has the id "${id.slice(0, 100)}".`)
}

function edgesOf({ next, backTo, complete }: Look<unknown>) {
  return { next_cursor: next ?? null, looked_back_to: isoOf(backTo), complete }
}
