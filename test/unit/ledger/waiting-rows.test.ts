import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nanoUsd } from '../../../src/base/money.ts'
import { Retry } from '../../../src/ledger/redis-postgres/retry.ts'
import { WaitingRows } from '../../../src/ledger/redis-postgres/waiting-rows.ts'
import type { Row } from '../../../src/ledger/row.ts'
import { eventually } from '../../support/eventually.ts'
import { closing, openRow } from '../../support/ledger-rows.ts'

const rowOf = (team: string, prompt = ''): Row => ({
  ...openRow(1),
  ...closing(0),
  team,
  prompt,
  held: nanoUsd(0),
})

function store(isAway: (row: Row) => boolean) {
  const written: string[] = []
  const retry = new Retry(() => undefined)
  const waiting = new WaitingRows(retry, async (row) => {
    if (isAway(row)) throw new Error('away')
    written.push(row.team)
  })
  return { written, waiting, retry }
}

test('rows that cannot be written keep no other waiting', async () => {
  let away: string | undefined = 'a'
  const { written, waiting } = store(({ team }) => team === away)
  for (const team of ['a', 'b', 'a', 'c']) assert.ok(waiting.add(rowOf(team)))
  await eventually(() => (written.length === 2 ? true : undefined))
  assert.deepEqual([written, waiting.count], [['b', 'c'], 2])
  away = undefined
  await eventually(() => (waiting.count === 0 ? true : undefined))
  assert.deepEqual(written, ['b', 'c', 'a', 'a'])
  assert.ok(waiting.add(rowOf('d')), 'later rows are written, too')
  await eventually(() => (written.length === 5 ? true : undefined))
})

test('an outage fills memory up to a limit only, by number and by size', () => {
  const { waiting, retry } = store(() => true)
  let kept = 0
  while (waiting.add(rowOf('a'))) kept += 1
  assert.equal(kept, 20_000)
  retry.close()
  const large = store(() => true)
  const prompt = 'x'.repeat(2 ** 20)
  while (large.waiting.add(rowOf('a', prompt)));
  assert.equal(large.waiting.count, 15)
  assert.ok(large.waiting.add(rowOf('a')), 'a small one still fits')
  large.retry.close()
})

test('what waits at the end gets one more chance', async () => {
  let isBack = false
  const { written, waiting, retry } = store(() => !isBack)
  for (const team of ['a', 'b']) waiting.add(rowOf(team))
  retry.close()
  await waiting.finish()
  assert.equal(waiting.count, 2)
  isBack = true
  await waiting.finish()
  assert.deepEqual([waiting.count, written.toSorted()], [0, ['a', 'b']])
})
