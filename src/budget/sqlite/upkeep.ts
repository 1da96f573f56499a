import type { DatabaseSync } from 'node:sqlite'
import type { UpkeepOptions } from '../retention.ts'
import { DAY } from '../tally.ts'
import type { Checkpoints } from './checkpoints.ts'
import type { Store } from './open.ts'
import { SEQ_PER_MS } from './schema.ts'
import { storeErrorOf } from './store-error.ts'

/** How often it is looked whether anything is too old. */
const LOOK_MS = 60_000
/** Rows, and pages of the file, of one step: a few milliseconds during which no request is served. */
const ROWS_AT_ONCE = 200
const PAGES_AT_ONCE = 100
/** After a step the loop is left alone for so many times as long as the step took, and no less than this. */
const PAUSES = 4
const LEAST_PAUSE_MS = 5
/** Free pages that stay for the rows to come: this many, and one in so many. */
const SPARE_PAGES = 1_000
const SPARE_PART = 20

/**
 * Deletes what is older than it is to be kept and gives the room back to the disk, in small steps between requests.
 * Only rows that the tallies have counted: no sum changes. A store that cannot be written is tried again at the next look.
 */
export function startUpkeep(
  { database, file }: Pick<Store, 'database' | 'file'>,
  checkpoints: Pick<Checkpoints, 'wrote'>,
  { clock, retention, log }: UpkeepOptions,
): { stop(): void } {
  const step = prepareStep(database)
  let timer: NodeJS.Timeout | undefined
  const schedule = (ms: number) => {
    timer = setTimeout(work, ms)
    timer.unref()
  }
  const work = () => {
    const began = performance.now()
    let done: Done = 'nothing'
    try {
      const { rowsMs, promptsMs } = retention()
      const now = clock.now()
      // Whole days, so that whoever counts anew can begin with one.
      const keptSince = Math.floor((now - rowsMs) / DAY) * DAY
      done = step(keptSince, now - promptsMs)
      if (done !== 'nothing') checkpoints.wrote(ROWS_AT_ONCE)
      if (done === 'last rows')
        log.info({ before: new Date(keptSince).toISOString() }, 'old rows of the ledger were deleted')
    } catch (error) {
      log.warn({ why: storeErrorOf(file, error).message }, 'the ledger could not be tidied yet')
    }
    schedule(done === 'nothing' ? LOOK_MS : Math.max(LEAST_PAUSE_MS, PAUSES * (performance.now() - began)))
  }
  schedule(LOOK_MS)
  return { stop: () => clearTimeout(timer) }
}

type Done = 'nothing' | 'some' | 'last rows'

/** One step: prompts from before a moment, else rows, else room. Each is a transaction. */
export function prepareStep(database: DatabaseSync): (keptSince: number, promptsSince: number) => Done {
  const forget = database.prepare(
    `UPDATE ledger SET prompt = NULL WHERE seq IN (
       SELECT seq FROM ledger WHERE prompt IS NOT NULL AND at < ? ORDER BY at LIMIT ${ROWS_AT_ONCE})`,
  )
  const old = database.prepare(
    'SELECT 1 FROM ledger WHERE seq < ? AND seq <= (SELECT folded FROM tally_mark) LIMIT 1',
  )
  const mark = database.prepare('UPDATE kept SET since = max(since, ?)')
  const remove = database.prepare(
    `DELETE FROM ledger WHERE seq IN (
       SELECT seq FROM ledger WHERE seq < ? AND seq <= (SELECT folded FROM tally_mark)
       ORDER BY seq LIMIT ${ROWS_AT_ONCE})`,
  )
  const free = database.prepare(
    'SELECT freelist_count AS free, page_count AS pages FROM pragma_freelist_count, pragma_page_count',
  )
  const canShrink = Number(database.prepare('PRAGMA auto_vacuum').get()?.auto_vacuum) === 2

  return (keptSince, promptsSince) => {
    // Overwritten, not only let go; rows, which have no prompt by then, go without that.
    database.exec('PRAGMA secure_delete = ON')
    const forgotten = forget.run(Math.max(promptsSince, keptSince)).changes
    database.exec('PRAGMA secure_delete = FAST')
    if (forgotten > 0) return 'some'
    const end = keptSince * SEQ_PER_MS
    if (old.get(end) !== undefined) {
      // First the mark: rows may be there that are said to be gone, never the other way.
      mark.run(keptSince)
      return Number(remove.run(end).changes) < ROWS_AT_ONCE ? 'last rows' : 'some'
    }
    const { free: freePages, pages } = free.get() ?? {}
    if (!canShrink || Number(freePages) <= SPARE_PAGES + Number(pages) / SPARE_PART) return 'nothing'
    database.exec(`PRAGMA incremental_vacuum(${PAGES_AT_ONCE})`)
    return 'some'
  }
}
