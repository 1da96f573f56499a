import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shownRows } from '../../../src/console/pages/requests/shown-rows.ts'

const row = (id: string, outcome: 'ok' | null = 'ok') => ({ id, outcome })
const NOBODY: ReadonlySet<string> = new Set()

test('live requests are shown before the listed ones, each request once', () => {
  const { rows, fresh, waiting } = shownRows([row('3'), row('2')], [row('2'), row('1')], false, NOBODY)
  assert.deepEqual(
    rows.map(({ id }) => id),
    ['3', '2', '1'],
  )
  assert.deepEqual([...fresh], ['3'])
  assert.deepEqual(waiting, [])
})

test('a request listed while in flight is shown with its final outcome', () => {
  const { rows } = shownRows([row('1')], [row('2'), row('1', null)], true, NOBODY)
  assert.deepEqual(rows, [row('2'), row('1')])
})

test('while somebody is reading, new requests wait until they are let in', () => {
  const live = [row('4'), row('3')]
  const reading = shownRows(live, [row('1')], true, NOBODY)
  assert.deepEqual(reading.rows, [row('1')])
  assert.deepEqual(reading.waiting, live)
  const later = shownRows([row('5'), ...live], [row('1')], true, new Set(['3', '4']))
  assert.deepEqual(
    later.rows.map(({ id }) => id),
    ['4', '3', '1'],
  )
  assert.deepEqual(later.waiting, [row('5')])
})
