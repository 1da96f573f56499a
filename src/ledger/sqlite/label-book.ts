import type { DatabaseSync } from 'node:sqlite'
import { setTimeout } from 'node:timers/promises'
import { type LabelBook, LabelEntry, type Labelling, labelAfter, type Unlabelled } from '../label-book.ts'
import { openBeside } from './open.ts'
import { seqOf } from './row-seq.ts'
import { wrapping } from './sqlite-error.ts'

/** Writes labels to a ledger's file synchronously. Throws a `StoreError`. */
export interface LabelPen {
  label(labelling: Labelling): LabelEntry | Unlabelled
  entries(id: string): readonly LabelEntry[]
  close(): void
}

/**
 * Several times as long as writing a label takes, so that thousands of them leave the server room between any
 * two.
 */
const BREATH_MS = 1

/** The labels in a ledger file that a server may be using. Throws a `StoreError` as a reader does. */
export function openLabelBook(file: string): LabelBook {
  const pen = openLabelPen(file)
  return {
    label: async (labelling) => {
      const entry = pen.label(labelling)
      await setTimeout(BREATH_MS)
      return entry
    },
    entries: async (id) => pen.entries(id),
    close: async () => pen.close(),
  }
}

/** The same, for a thread that may block while the server writes. */
export function openLabelPen(file: string): LabelPen {
  const database = openBeside(file)
  const label = preparing(database)
  const log = database.prepare('SELECT at, id, before, label, who FROM label_log WHERE id = ? ORDER BY seq')
  return {
    label: (labelling) => wrapping(file, () => label(labelling)),
    entries: (id) => wrapping(file, () => log.all(id).map((entry) => LabelEntry.parse(entry))),
    close: () => database.close(),
  }
}

function preparing(database: DatabaseSync): (labelling: Labelling) => LabelEntry | Unlabelled {
  const begin = database.prepare('BEGIN IMMEDIATE')
  const newest = database.prepare(
    'SELECT at, id, before, label, who FROM label_log WHERE id = ? ORDER BY seq DESC LIMIT 1',
  )
  const current = database.prepare('SELECT label FROM ledger WHERE seq = ?')
  const change = database.prepare('UPDATE ledger SET label = ?, labelled_by = ? WHERE seq = ?')
  const append = database.prepare('INSERT INTO label_log (at, id, before, label, who) VALUES (?, ?, ?, ?, ?)')

  function labelNow({ id, label: said, who, at }: Labelling): LabelEntry | Unlabelled {
    const found = database.prepare(seqOf(id)).get({ id })?.seq
    if (found === undefined) return 'no_row'
    const seq = Number(found)
    const last = newest.get(id)
    const label = labelAfter(said, last && LabelEntry.parse(last))
    if (label === 'nothing_to_undo') return label
    const before = current.get(seq)?.label ?? null
    const entry = LabelEntry.parse({ at, id, before, label, who })
    change.run(label, label === null ? null : who, seq)
    append.run(at, id, entry.before, label, who)
    return entry
  }

  return (labelling) => {
    begin.run()
    try {
      const entry = labelNow(labelling)
      database.exec('COMMIT')
      return entry
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK')
      throw error
    }
  }
}
