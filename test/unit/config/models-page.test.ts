import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { modelsPage } from '../../support/models-page.ts'

test('docs/models.md says of every model what routing does', () => {
  assert.equal(
    readFileSync('docs/models.md', 'utf8'),
    modelsPage(),
    'node test/support/models-page.ts writes it',
  )
})
