import type { DatabaseSync } from 'node:sqlite'
import { DAY } from '../../base/durations.ts'
import type { UpkeepOptions } from '../retention.ts'
import type { Checkpoints } from './checkpoints.ts'
import type { Store } from './open.ts'
import { SEQ_PER_MS } from './schema.ts'
import { storeErrorOf } from './sqlite-error.ts'

/** Interval between checks for old data. */
const POLL_MS = 60_000
/** Rows, and pages of the file, per step: a few milliseconds in which no request is served. */
const ROWS_AT_ONCE = 200
const PAGES_AT_ONCE = 100
/** Pause after a step, as a multiple of the time the step took, with a minimum. */
const PAUSES = 4
const LEAST_PAUSE_MS = 5
/** Free pages kept for new rows: a fixed number plus one page in this many. */
const SPARE_PAGES = 1_000
const SPARE_PART = 20

/**
 * Deletes data past its retention and returns the space to the disk, in small steps between requests. Deletes
 * only tallied rows, so no sum changes. A store that cannot be written is retried at the next check.
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
      // Whole days, so that a recount can start on a day boundary.
      const keptSince = Math.floor((now - rowsMs) / DAY) * DAY
      done = step(keptSince, now - promptsMs)
      if (done !== 'nothing') checkpoints.wrote(ROWS_AT_ONCE)
      if (done === 'last rows')
        log.info({ before: new Date(keptSince).toISOString() }, 'old rows of the ledger were deleted')
    } catch (error) {
      log.warn({ why: storeErrorOf(file, error).message }, 'old rows of the ledger could not be deleted yet')
    }
    schedule(done === 'nothing' ? POLL_MS : Math.max(LEAST_PAUSE_MS, PAUSES * (performance.now() - began)))
  }
  schedule(POLL_MS)
  return { stop: () => clearTimeout(timer) }
}

type Done = 'nothing' | 'some' | 'last rows'

/** One step: prompts older than a given time, then rows, then free space. Each is a transaction. */
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
    // Prompts are overwritten, not just unlinked. Rows, which have no prompt by then, skip the extra writes.
    database.exec('PRAGMA secure_delete = ON')
    const forgotten = forget.run(Math.max(promptsSince, keptSince)).changes
    database.exec('PRAGMA secure_delete = FAST')
    if (forgotten > 0) return 'some'
    const end = keptSince * SEQ_PER_MS
    if (old.get(end) !== undefined) {
      // The mark moves first: rows may still exist that are declared gone, never the reverse.
      mark.run(keptSince)
      return Number(remove.run(end).changes) < ROWS_AT_ONCE ? 'last rows' : 'some'
    }
    const { free: freePages, pages } = free.get() ?? {}
    if (!canShrink || Number(freePages) <= SPARE_PAGES + Number(pages) / SPARE_PART) return 'nothing'
    database.exec(`PRAGMA incremental_vacuum(${PAGES_AT_ONCE})`)
    return 'some'
  }
}
