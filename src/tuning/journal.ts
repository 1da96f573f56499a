import { linkSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { discard, fileAside } from './durable-file.ts'
import { JournalEntry } from './journal-entry.ts'
import { DecidedMeanwhile, TuningError } from './tuning-error.ts'

/** What is in force, and the number of the decision that put it there; 0: there was none. */
export type Standing = Pick<JournalEntry, 'number' | 'live' | 'shadow'>

const NOTHING: Standing = { number: 0, live: null, shadow: null }
const NAME = /^(\d{6})\.json$/

/** The journal of a folder of candidates: one numbered file per decision, never changed. */
export function journalFolder(candidates: string): string {
  return join(candidates, 'journal')
}

/** What the last decision left in force. Throws a `TuningError` that names the file. */
export function readStanding(candidates: string): Standing {
  const last = numbersIn(candidates).at(-1)
  return last === undefined ? NOTHING : readEntry(candidates, last)
}

/** Every decision, oldest first. Throws a `TuningError`. */
export function readJournal(candidates: string): readonly JournalEntry[] {
  return numbersIn(candidates).map((number) => readEntry(candidates, number))
}

/** What was live before the last promotion not yet rolled back; undefined if there is none. */
export function liveBefore(journal: readonly JournalEntry[]): string | null | undefined {
  const before: (string | null)[] = []
  let live: string | null = null
  for (const entry of journal) {
    if (entry.action === 'promote') before.push(live)
    // A rollback to the configuration's own files may have undone all promotions at once.
    else if (entry.action === 'rollback') before.length = entry.live === null ? 0 : before.length - 1
    live = entry.live
  }
  return before.at(-1)
}

/**
 * Appends a decision to `journal`. Atomic: the file is complete on disk before it gets its number, and each
 * number is given out once, so of two decisions based on the same state the second throws `DecidedMeanwhile`.
 * Throws another `TuningError` if it cannot be written. Either way nothing has changed.
 */
export function writeEntry(
  candidates: string,
  journal: readonly JournalEntry[],
  decided: Omit<JournalEntry, 'number'>,
): JournalEntry {
  const entry = { number: (journal.at(-1)?.number ?? 0) + 1, ...decided }
  const folder = journalFolder(candidates)
  const file = fileOf(candidates, entry.number)
  let aside: string | undefined
  try {
    mkdirSync(folder, { recursive: true })
    aside = fileAside(folder, `${JSON.stringify(entry, null, 2)}\n`)
    linkSync(aside, file)
  } catch (error) {
    // What stands in the folder's place, such as a file, is no decision.
    const { code, syscall } = error instanceof Error ? (error as NodeJS.ErrnoException) : {}
    if (code === 'EEXIST' && syscall === 'link')
      throw new DecidedMeanwhile(
        `${file}: someone else decided at the same moment; check the history and try again`,
      )
    throw new TuningError(`${file}: ${whyOf(error)}; nothing has changed`)
  } finally {
    discard(aside)
  }
  return entry
}

function numbersIn(candidates: string): readonly number[] {
  try {
    return readdirSync(journalFolder(candidates))
      .flatMap((name) => NAME.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw new TuningError(`${journalFolder(candidates)}: ${whyOf(error)}`)
  }
}

function readEntry(candidates: string, number: number): JournalEntry {
  const file = fileOf(candidates, number)
  try {
    return JournalEntry.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    throw new TuningError(`${file}: is not a journal entry; was it edited by hand?`)
  }
}

function fileOf(candidates: string, number: number): string {
  return join(journalFolder(candidates), `${String(number).padStart(6, '0')}.json`)
}

function whyOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
