import { existsSync, statSync } from 'node:fs'
import { StoreError } from '../store-error.ts'
import { isSinceStart, type LogIndex, readIndex } from './log-index.ts'
import { readLog, soundFrames, type WriteAheadLog } from './write-ahead-log.ts'

/**
 * Describes what is missing from a store's log, provided that no process is writing to it; undefined if
 * nothing is, as far as can be told. SQLite reads a log up to the first invalid frame and takes the rest for
 * an unfinished write, so it would silently start from the balances of that moment. The index beside the log
 * knows how far the log was written. Without an index, the last frame of a transaction found behind an
 * invalid frame gives the loss away. After a crash of the machine itself the newest frames may not have
 * reached the disk, in any order; that loss is accepted, as `openStore` says.
 */
export function lossOfLog(file: string): string | undefined {
  // Read before the log, which may grow in the meantime.
  const index = readIndex(`${file}-shm`)
  const log = readLog(`${file}-wal`)
  const sound = log === undefined ? 0 : soundFrames(log)
  if (index !== undefined) return lossByIndex(file, index, log, sound)
  if (log === undefined || !isSinceStart(log.writtenAt) || !goesOn(log, sound)) return undefined
  return `frame ${sound + 1} of its log, ${file}-wal, is damaged`
}

function lossByIndex(
  file: string,
  { salts, frames, carriedOver }: LogIndex,
  log: WriteAheadLog | undefined,
  sound: number,
): string | undefined {
  const left = log?.salts === salts ? sound : 0
  // Checkpointed frames may be missing, but only as a whole: in a partial log, or a different one, older
  // pages would hide those in the file.
  if (left >= frames || (sound === 0 && carriedOver >= frames)) return undefined
  return `its log, ${file}-wal, has only ${left} of ${frames} frames: put the complete log back; if the file is a backup you put there, remove ${file}-shm`
}

/**
 * Whether a transaction of the same generation ends behind the valid frames: two consecutive frames cannot
 * match by chance. Frames without an end are left by a transaction that was rolled back, on a full disk or by
 * a crash, and whose beginning a shorter one overwrote.
 */
function goesOn({ isHeaderSound, salts, frames }: WriteAheadLog, sound: number): boolean {
  return frames.some((frame, index) => {
    const before = frames[index - 1]
    return (
      before !== undefined &&
      index > sound &&
      frame.commits &&
      frame.salts === before.salts &&
      (frame.salts === salts || !isHeaderSound) &&
      frame.stated === frame.computed
    )
  })
}

/**
 * Throws a `StoreError` for a log without its file. SQLite would delete such a log and start a new one, but
 * without the file the log is useless, and the file may still exist somewhere.
 */
export function refuseLogAlone(file: string): void {
  const log = statSync(`${file}-wal`, { throwIfNoEntry: false })
  if (existsSync(file) || log === undefined || log.size === 0) return
  throw new StoreError(
    file,
    `the file is missing, but its log, ${file}-wal, is there: put the file back, or remove the log to start over with every balance at zero`,
  )
}
