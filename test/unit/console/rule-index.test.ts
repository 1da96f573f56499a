import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parse } from 'yaml'
import { rulesIn } from '../../../src/console/pages/tuning/rule-index.ts'

test('every shipped rule is found at its own line', () => {
  const text = readFileSync('config/rules.yaml', 'utf8')
  const found = rulesIn(text)
  const rules: readonly { readonly id: string }[] = parse(text).rules
  assert.deepEqual(
    rules.filter(({ id }) => !found.some((place) => place.id === id)),
    [],
  )
  const lines = text.split('\n')
  for (const { id, line } of found) assert.match(lines[line - 1] ?? '', new RegExp(`id: ${id}$`))
})

test('rules are found even in invalid YAML, and a duplicate id points to its first line', () => {
  const text = 'rules:\n  - id: one\n    patterns: [\n  - id: "two"\n  - id: one\n'
  assert.deepEqual(rulesIn(text), [
    { id: 'one', line: 2 },
    { id: 'two', line: 4 },
  ])
})
