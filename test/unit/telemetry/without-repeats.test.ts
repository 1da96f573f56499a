import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withoutRepeats } from '../../../src/telemetry/without-repeats.ts'

function opened() {
  const lines: (readonly [string, object])[] = []
  const note = (facts: object, message: string) => void lines.push([message, facts])
  let at = 5_000
  const log = withoutRepeats({ info: note, warn: note, error: note }, { elapsed: () => at })
  return { lines, log, pass: (ms: number) => (at += ms) }
}

test('an outage is told once a second, however many requests it refuses, and how often it was not', () => {
  const { lines, log, pass } = opened()
  for (let requests = 0; requests < 500; requests += 1) {
    log.error({ err: new Error('connect ECONNREFUSED') }, 'the ledger cannot be written')
    pass(5)
  }
  assert.equal(lines.length, 3)
  assert.deepEqual(
    lines.map(([, facts]) => ('repeats_omitted' in facts ? facts.repeats_omitted : 0)),
    [0, 199, 199],
  )
})

test('other messages, reasons and facts are told at once', () => {
  const { lines, log } = opened()
  log.warn({ why: 'READONLY' }, 'an end could not be written yet')
  log.warn({ why: 'OOM' }, 'an end could not be written yet')
  log.warn({ why: 'OOM', team: 'support' }, 'an end could not be written yet')
  log.error({ why: 'OOM' }, 'rows could not be moved')
  log.error({ why: 'OOM' }, 'rows could not be moved')
  assert.equal(lines.length, 4)
})

test('every line that names a request is told', () => {
  const { lines, log } = opened()
  for (let times = 0; times < 3; times += 1)
    log.warn({ request: 'req_1', failure: 'x' }, 'a stream broke off')
  assert.equal(lines.length, 3)
})

test('the repeats of an outage’s last second are told once it is over', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { lines, log, pass } = opened()
  for (let times = 0; times < 3; times += 1) log.warn({ why: 'READONLY' }, 'away')
  pass(1_000)
  t.mock.timers.tick(1_000)
  assert.deepEqual(
    lines.map(([, facts]) => facts),
    [{ why: 'READONLY' }, { why: 'READONLY', repeats_omitted: 2 }],
  )
  pass(10_000)
  t.mock.timers.tick(10_000)
  assert.equal(lines.length, 2)
})

test('however many reasons there are, every line is told or counted', () => {
  const { lines, log } = opened()
  for (let times = 0; times < 2; times += 1)
    for (let reason = 0; reason < 60; reason += 1) log.warn({ why: `${reason}` }, 'away')
  for (let reason = 60; reason < 200; reason += 1) log.warn({ why: `${reason}` }, 'away')
  const told = lines.reduce(
    (sum, [, facts]) => sum + ('repeats_omitted' in facts ? Number(facts.repeats_omitted) : 1),
    0,
  )
  assert.equal(told, 60 * 2 + 140)
})

test('reasons that always differ are forgotten', () => {
  const { lines, log } = opened()
  for (let port = 0; port < 1_000; port += 1) log.warn({ why: `from port ${port}` }, 'away')
  assert.equal(lines.length, 1_000)
})

test('what went well is told every time', () => {
  const { lines, log } = opened()
  log.info({ months: 1 }, 'old months of the ledger were dropped')
  log.info({ months: 1 }, 'old months of the ledger were dropped')
  assert.equal(lines.length, 2)
})
