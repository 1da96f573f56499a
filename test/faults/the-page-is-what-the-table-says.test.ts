import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { faultsPage } from './page.ts'

test('docs/faults.md matches the table that the tests play', () => {
  assert.equal(readFileSync('docs/faults.md', 'utf8'), faultsPage(), 'node test/faults/page.ts writes it')
})
