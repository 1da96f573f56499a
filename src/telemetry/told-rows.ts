import { openRow } from '../flow/open-row.ts'
import type { Observer } from '../flow/ports.ts'
import type { RowFeed } from '../ledger/row-feed.ts'

/** Also passes the rows of requests to a feed, while somebody watches it. */
export function toldRows(observer: Observer, feed: RowFeed): Observer {
  return {
    ...observer,
    ended(trip, closing) {
      observer.ended(trip, closing)
      if (!feed.isWatched) return
      const { key, hold, endpoint } = trip
      // A list of models leaves no row, and neither does an unauthenticated request.
      if (key === undefined || endpoint === 'models') return
      feed.tell({ ...openRow(trip, key), ...closing, held: hold?.held ?? closing.cost })
    },
  }
}
