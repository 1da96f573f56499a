import assert from 'node:assert/strict'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { decide } from '../../../src/operations/decision.ts'
import {
  journalFolder,
  liveBefore,
  readJournal,
  readStanding,
  writeEntry,
} from '../../../src/tuning/journal.ts'
import type { JournalEntry } from '../../../src/tuning/journal-entry.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

function folderOf(t: TestContext): string {
  const { path, dispose } = temporaryDirectory()
  t.after(dispose)
  return path
}

function decided(action: JournalEntry['action'], live: string | null): Omit<JournalEntry, 'number'> {
  return { at: '2026-11-22T10:00:00.000Z', by: 'ada', action, live, shadow: null, why: 'a test' }
}

test('each rollback undoes one promotion, down to what the configuration names', (t) => {
  const folder = folderOf(t)
  const write = (action: JournalEntry['action'], live: string | null) =>
    writeEntry(folder, readJournal(folder), decided(action, live))
  assert.equal(liveBefore(readJournal(folder)), undefined)
  write('promote', 'a')
  write('promote', 'b')
  write('shadow', 'b')
  assert.equal(liveBefore(readJournal(folder)), 'a')
  write('rollback', 'a')
  write('promote', 'c')
  assert.equal(liveBefore(readJournal(folder)), 'a')
  write('rollback', 'a')
  assert.equal(liveBefore(readJournal(folder)), null)
  write('rollback', null)
  assert.equal(liveBefore(readJournal(folder)), undefined)
  assert.equal(readStanding(folder).live, null)
  assert.equal(readJournal(folder).length, 7)
})

test('the second of two decisions on the same state is refused and leaves nothing behind', (t) => {
  const folder = folderOf(t)
  const seen = readJournal(folder)
  writeEntry(folder, seen, decided('promote', 'a'))
  assert.throws(() => writeEntry(folder, seen, decided('promote', 'b')), /someone else decided/)
  assert.equal(readStanding(folder).live, 'a')
  assert.deepEqual(readdirSync(journalFolder(folder)), ['000001.json'])
})

test('a damaged journal entry is refused by name', (t) => {
  const folder = folderOf(t)
  writeEntry(folder, [], decided('promote', 'a'))
  writeFileSync(join(journalFolder(folder), '000002.json'), '{"number": 2')
  assert.throws(() => readStanding(folder), /000002\.json: is not a journal entry/)
})

// A full disk used to look like an objection to the candidate: exit code 1, "the answer is no".
test('a journal that cannot be written is an error, unlike a decision that came second', (t) => {
  const candidates = folderOf(t)
  const { at: _, ...wish } = decided('promote', 'a')
  assert.ok('entry' in decide({ candidates }, [], wish))
  assert.ok('refused' in decide({ candidates }, [], wish))
  const blocked = folderOf(t)
  writeFileSync(journalFolder(blocked), 'a file in the place of the folder')
  assert.throws(() => decide({ candidates: blocked }, [], wish), {
    name: 'TuningError',
    message: /nothing has changed/,
  })
})
