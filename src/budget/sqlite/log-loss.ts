import { existsSync, statSync } from 'node:fs'
import { isSinceStart, type LogIndex, readIndex } from './log-index.ts'
import { StoreError } from './store-error.ts'
import { readLog, soundFrames, type WriteAheadLog } from './write-ahead-log.ts'

/**
 * What is missing from a store's log that nobody is writing to, in words; undefined where nothing is, as far as can be told.
 * SQLite reads a log up to the first frame that is not sound, and takes the rest for what a crash left unfinished: it
 * begins at the balances of then without a word. The index beside the log knows how far it was written. Where there is none,
 * a transaction's last frame tells behind one that is not sound. After the machine itself went down the newest frames may
 * not have come to be on disk, in any order; what is lost by that is lost as `openStore` says.
 */
export function lossOfLog(file: string): string | undefined {
  // Before the log, which may grow meanwhile.
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
  // What is carried over may go, but as a whole: of a rest, as of another log, older pages would hide those in the file.
  if (left >= frames || (sound === 0 && carriedOver >= frames)) return undefined
  return `its log, ${file}-wal, has ${left} frames of ${frames}: put it back whole; where the file is a backup put in place, remove ${file}-shm`
}

/**
 * Whether a transaction of the same round ends behind the sound frames: two in a row cannot agree by chance. Frames without
 * an end are left of a transaction that was taken back, on a full disk or by a crash, and a shorter one stands over its
 * beginning.
 */
function goesOn({ isHeaderSound, salts, frames }: WriteAheadLog, sound: number): boolean {
  return frames.some((frame, place) => {
    const before = frames[place - 1]
    return (
      before !== undefined &&
      place > sound &&
      frame.commits &&
      frame.salts === before.salts &&
      (frame.salts === salts || !isHeaderSound) &&
      frame.stated === frame.computed
    )
  })
}

/**
 * Throws a `StoreError` for a log without its file, which SQLite would delete to begin a new one: whatever stands in it is
 * of no use without the other, and somebody may have it still.
 */
export function refuseLogAlone(file: string): void {
  const log = statSync(`${file}-wal`, { throwIfNoEntry: false })
  if (existsSync(file) || log === undefined || log.size === 0) return
  throw new StoreError(
    file,
    `the file is missing, but its log, ${file}-wal, is there: put the file back, or remove the log to begin anew with every balance at zero`,
  )
}
