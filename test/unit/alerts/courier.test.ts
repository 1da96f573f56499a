import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Alert, AlertBook, Ending } from '../../../src/alerts/alert.ts'
import { type Attempt, Courier } from '../../../src/alerts/courier.ts'
import { alertOf } from '../../support/alerts.ts'
import { eventually } from '../../support/eventually.ts'

const NOON = Date.UTC(2026, 10, 22, 12)
const DAY = 86_400_000

/** An in-memory book, scripted outcomes of attempts, and a clock that advances only while the courier waits. */
function scene(script: readonly Attempt[], alerts: readonly Alert[]) {
  const waiting = new Map(alerts.map((alert) => [alert.id, alert]))
  const endings = new Map<string, Ending>()
  const sent: string[] = []
  const pauses: number[] = []
  const complaints: string[] = []
  let now = NOON
  const book: { -readonly [Name in keyof AlertBook]: AlertBook[Name] } = {
    note: async () => [],
    claim: async (most) => [...waiting.values()].slice(0, most),
    async end(id, ending) {
      waiting.delete(id)
      endings.set(id, ending)
    },
    waiting: async () => waiting.size,
  }
  const courier = new Courier({
    book,
    log: { warn: () => undefined, error: (_, message) => complaints.push(message) },
    now: () => now,
    async send({ id }) {
      sent.push(id)
      return script[sent.length - 1] ?? 'delivered'
    },
    async wait(ms) {
      pauses.push(ms)
      now += ms
    },
  })
  return { courier, book, waiting, endings, sent, pauses, complaints }
}

test('delivers in order and retries after doubling pauses, with everything else waiting behind', async () => {
  const { courier, endings, sent, pauses } = scene(
    ['failed', 'failed', 'delivered', 'failed', 'delivered'],
    [alertOf('a'), alertOf('b')],
  )
  courier.wake()
  await eventually(() => (endings.size === 2 ? true : undefined))
  assert.deepEqual(sent, ['a', 'a', 'a', 'b', 'b'])
  assert.deepEqual(pauses, [1000, 2000, 1000])
  assert.deepEqual(courier.attempts, { delivered: 2, refused: 0, nowhere: 0, failed: 3, given_up: 0 })
})

test('gives up after a day of retries at most five minutes apart', async () => {
  const { courier, endings, pauses, complaints } = scene(
    Array.from({ length: 1000 }, () => 'failed'),
    [alertOf('a')],
  )
  courier.wake()
  await eventually(() => (endings.size === 1 ? true : undefined))
  assert.equal(endings.get('a'), 'given_up')
  assert.equal(Math.max(...pauses), 300_000)
  const waited = pauses.reduce((sum, pause) => sum + pause, 0)
  assert.ok(waited >= DAY && waited < DAY + 300_000)
  assert.equal(complaints.length, 1)
})

test('does not retry an alert that was refused or has nowhere to go', async () => {
  const { courier, endings, sent } = scene(['refused', 'nowhere'], [alertOf('a'), alertOf('b')])
  courier.wake()
  await eventually(() => (endings.size === 2 ? true : undefined))
  assert.deepEqual([...endings.values()], ['refused', 'nowhere'])
  assert.deepEqual(sent, ['a', 'b'])
})

test('carries on after a failure to read the book', async () => {
  const { courier, book, endings, pauses } = scene([], [alertOf('a')])
  const { claim } = book
  let reads = 0
  book.claim = async (most) => {
    reads += 1
    if (reads === 1) throw new Error('the disk is full')
    return claim(most)
  }
  courier.wake()
  await eventually(() => (endings.size === 1 ? true : undefined))
  assert.deepEqual(pauses, [1000])
})

test('does not resend an alert whose delivery the book could not record', async () => {
  const { courier, book, endings, sent, pauses } = scene([], [alertOf('a'), alertOf('b')])
  const { end } = book
  let ends = 0
  book.end = async (id, ending, at) => {
    ends += 1
    if (ends <= 2) throw new Error('the disk is full')
    return end(id, ending, at)
  }
  courier.wake()
  await eventually(() => (endings.size === 2 ? true : undefined))
  assert.deepEqual(sent, ['a', 'b'])
  assert.deepEqual(pauses, [1000, 2000])
})

test('delivers each alert exactly once, however often and whenever it is woken', async () => {
  const outcome = fc.constantFrom<Attempt>('delivered', 'failed', 'refused')
  const property = fc.asyncProperty(
    fc.array(outcome, { maxLength: 30 }),
    fc.integer({ min: 1, max: 60 }),
    fc.array(fc.nat(3), { maxLength: 20 }),
    async (script, count, wakes) => {
      const alerts = Array.from({ length: count }, (_, index) => alertOf(`alert_${index}`))
      const { courier, endings, sent, waiting } = scene(script, [])
      const late = alerts.values()
      for (const turns of [...wakes, 0]) {
        const next = late.next().value
        if (next !== undefined) waiting.set(next.id, next)
        courier.wake()
        for (let turn = 0; turn < turns; turn += 1) await Promise.resolve()
      }
      for (const alert of late) waiting.set(alert.id, alert)
      courier.wake()
      await eventually(() => (endings.size === count ? true : undefined))
      const failed = script.slice(0, sent.length).filter((each) => each === 'failed').length
      assert.equal(sent.length, count + failed)
      await courier.close()
    },
  )
  await fc.assert(property, { numRuns: 100 })
})

test('closes after the attempt in flight, and leaves the rest to the next process', async () => {
  const { courier, endings, sent } = scene(['delivered', 'delivered'], [alertOf('a'), alertOf('b')])
  courier.wake()
  await courier.close()
  assert.ok(sent.length <= 1 && endings.size === sent.length)
})
