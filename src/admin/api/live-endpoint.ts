import { z } from 'zod'
import type { LiveLog } from '../live/live-log.ts'
import { type Endpoint, endpoint, Streamed } from './endpoint.ts'
import { FILTERS, filterOf } from './list-query.ts'
import { Refused } from './refused.ts'

export interface LivePart {
  readonly live: LiveLog
}

const TYPE = 'text/event-stream; charset=utf-8'

/** Requests as they end. */
export function liveEndpoint({ live }: LivePart): Endpoint {
  return endpoint({
    method: 'GET',
    path: '/api/live',
    role: 'viewer',
    summary:
      'Stream requests as they end, as server-sent events: "request" carries a row as in the list, "missed" tells a slow reader how many were left out.',
    query: z.strictObject(FILTERS),
    answer: { types: [TYPE] },
    run({ query, respondWith }) {
      if (live.isFull) throw new Refused(503, 'busy', 'Too many are listening already; try again later.')
      respondWith('x-accel-buffering', 'no')
      return new Streamed(TYPE, live.listen(filterOf(query)))
    },
  })
}
