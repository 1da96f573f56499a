import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressOf } from '../../../src/console/api/client.ts'
import { queryOf } from '../../../src/console/pages/requests/filters.ts'

const NOW = Date.UTC(2026, 10, 22, 12)

test('hours back become a timestamp, and other filters pass unchanged', () => {
  assert.deepEqual(queryOf({ class: 'stem_reasoning', since: '24' }, NOW), {
    class: 'stem_reasoning',
    since: '2026-11-21T12:00:00.000Z',
  })
})

test('an invalid number of hours does not filter by time', () => {
  assert.deepEqual(queryOf({ team: 'a', since: 'yesterday' }, NOW), { team: 'a' })
  assert.deepEqual(queryOf({ since: '-3' }, NOW), {})
})

test('an address leaves out what is absent or empty, and escapes the rest', () => {
  assert.equal(
    addressOf('/api/requests', { team: undefined, text: '', cursor: 'a&b' }),
    '/api/requests?cursor=a%26b',
  )
  assert.equal(addressOf('/api/requests', {}), '/api/requests')
})
