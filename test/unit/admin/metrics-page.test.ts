import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { Family } from '../../../src/admin/metrics/family.ts'
import { familiesOf } from '../../../src/admin/metrics/metrics.ts'
import { Telemetry } from '../../../src/telemetry/telemetry.ts'

const families = familiesOf({
  telemetry: new Telemetry(),
  vitals: () => assert.fail('nothing is asked before a scrape'),
  balances: () => [],
  alerts: { waiting: async () => 0, attempts: {} },
})

function rowOf({ name, type, labels, help, guarded }: Family): string {
  const told = labels.map((label) => `\`${label}\``).join(' ')
  return `| \`${name}\`${guarded === true ? ' $' : ''} | ${type} | ${told === '' ? '—' : told} | ${help} |`
}

test('docs/observability.md has every metric, with its type, labels and meaning, and no other', () => {
  const rows = readFileSync('docs/observability.md', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `trivium_'))
  assert.deepEqual(rows, families.map(rowOf))
})

test('metric and label names follow the Prometheus conventions', () => {
  for (const { name, type, labels } of families) {
    assert.match(name, /^trivium_[a-z][a-z0-9_]*$/)
    assert.equal(name.endsWith('_total'), type === 'counter', name)
    for (const label of labels) assert.match(label, /^[a-z][a-z_]*$/, name)
  }
  assert.equal(new Set(families.map(({ name }) => name)).size, families.length)
})

test('metrics about money and tokens are guarded, and no others', () => {
  for (const { name, guarded } of families) {
    assert.equal(guarded === true, /usd|tokens/.test(name), name)
  }
})
