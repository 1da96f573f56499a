import type { RowFeed } from '../budget/row-feed.ts'
import type { Observer } from '../flow/ports.ts'
import { knownOf } from '../flow/reserve.ts'

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
      feed.tell({ ...knownOf(trip, key.team.name, key.id), ...closing, held: hold?.held ?? closing.cost })
    },
  }
}
