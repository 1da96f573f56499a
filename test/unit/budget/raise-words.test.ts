import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isAuditLine } from '../../../src/budget/raise-words.ts'

test('audit text may be in any language, without characters that hide or rewrite it', () => {
  for (const text of ['demo week', 'réindexation', '演示周', 'a b']) assert.ok(isAuditLine(text), text)
  const refused = [
    '',
    '   ',
    'a\nb',
    '\u001b[31mred',
    'a\u0007',
    'a\u202eb',
    'a\u200bb',
    'a\u2028b',
    'x'.repeat(501),
  ]
  for (const text of refused) assert.ok(!isAuditLine(text), JSON.stringify(text))
})
