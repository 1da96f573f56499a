import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { faultsPage } from './page.ts'

test('docs/faults.md says of every fault what the tests see', () => {
  assert.equal(readFileSync('docs/faults.md', 'utf8'), faultsPage(), 'node test/faults/page.ts writes it')
})
