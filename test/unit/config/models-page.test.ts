import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { modelsPage } from '../../support/models-page.ts'

test('docs/models.md is up to date with what routing does for every model', () => {
  assert.equal(
    readFileSync('docs/models.md', 'utf8'),
    modelsPage(),
    'node test/support/models-page.ts writes it',
  )
})
