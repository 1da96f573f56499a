import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { decide } from '../../../src/desk/decision.ts'
import { readJournal, writeEntry } from '../../../src/tuning/journal.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

test('a refused decision names its file, and not where the candidates lie', (t) => {
  const { path, dispose } = temporaryDirectory()
  t.after(dispose)
  const candidates = join(path, 'candidates')
  const journal = readJournal(candidates)
  const entry = { by: 'ada', action: 'promote', live: 'abc000000000', shadow: null, why: 'first' } as const
  writeEntry(candidates, journal, { at: '2026-11-22T10:00:00.000Z', ...entry })
  const decided = decide({ candidates }, journal, entry)
  assert.ok('refused' in decided)
  assert.match(decided.refused.join(), /somebody else decided/)
  assert.ok(!decided.refused.join().includes(path))
})
