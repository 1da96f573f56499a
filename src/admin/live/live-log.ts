import { wordsIn } from '../../capture/kept-prompt.ts'
import { type ListedRow, listedNow } from '../../ledger/listed-row.ts'
import type { RowFeed } from '../../ledger/row-feed.ts'
import type { LedgerViews, ListFilter } from '../../ledger/views.ts'
import { shownRow } from '../view/shown-row.ts'
import { EventStream } from './event-stream.ts'
import { matches } from './matches.ts'

export interface LiveParts {
  readonly feed: RowFeed
  readonly views: Pick<LedgerViews, 'ended'>
  /** Whether other replicas write to the store as well. */
  readonly isShared: boolean
  now(): number
  /** Called when the store could not be queried for other replicas' rows. */
  report(error: unknown): void
}

/** Interval at which the store is queried for other replicas' rows. */
const POLL_MS = 1_000
/** How long a row may take to reach the store. */
const ON_ITS_WAY_MS = 5_000
/** Rows already sent that may come again from the store. */
const REMEMBERED = 5_000
/** Each listener costs as much as its events; this covers the pages people have open. */
export const MOST_LISTENERS = 100

interface Listener {
  readonly filter: ListFilter
  readonly stream: EventStream
}

/**
 * Broadcasts requests as they end to all listeners: those of this process at once, those of other replicas
 * soon after.
 */
export class LiveLog {
  readonly #parts: LiveParts
  readonly #listeners = new Set<Listener>()
  readonly #announced = new Set<string>()
  #unfollow: (() => void) | undefined
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor(parts: LiveParts) {
    this.#parts = parts
  }

  get isFull(): boolean {
    return this.#listeners.size >= MOST_LISTENERS
  }

  /** A stream of events that lasts until its reader disconnects or the process shuts down. */
  listen(filter: ListFilter): EventStream {
    const stream = new EventStream(() => this.#leave(listener))
    const listener: Listener = { filter, stream }
    if (this.#closed) {
      stream.end()
      return stream
    }
    this.#listeners.add(listener)
    if (this.#unfollow === undefined) this.#begin()
    return stream
  }

  close(): void {
    this.#closed = true
    for (const { stream } of this.#listeners) stream.end()
    this.#rest()
  }

  #begin(): void {
    this.#unfollow = this.#parts.feed.follow((row) => this.#announce(listedNow(row, wordsIn)))
    if (this.#parts.isShared) this.#pollLater(this.#parts.now())
  }

  #pollLater(since: number): void {
    this.#timer = setTimeout(async () => {
      const now = this.#parts.now()
      try {
        const rows = await this.#parts.views.ended(since - ON_ITS_WAY_MS)
        for (const row of rows.toReversed()) if (endOf(row) >= since - ON_ITS_WAY_MS) this.#announce(row)
      } catch (error) {
        this.#parts.report(error)
      }
      if (this.#unfollow !== undefined) this.#pollLater(now)
    }, POLL_MS)
    this.#timer.unref()
  }

  #announce(row: ListedRow): void {
    if (this.#announced.has(row.id)) return
    this.#announced.add(row.id)
    if (this.#announced.size > REMEMBERED)
      for (const oldest of this.#announced.values().take(1)) this.#announced.delete(oldest)
    const shown = shownRow(row)
    for (const { filter, stream } of this.#listeners) {
      if (matches(filter, row)) stream.send('request', shown)
    }
  }

  #leave(listener: Listener): void {
    this.#listeners.delete(listener)
    if (this.#listeners.size === 0) this.#rest()
  }

  #rest(): void {
    this.#unfollow?.()
    this.#unfollow = undefined
    clearTimeout(this.#timer)
  }
}

function endOf({ at, ms_total }: ListedRow): number {
  return at + (ms_total ?? 0)
}
