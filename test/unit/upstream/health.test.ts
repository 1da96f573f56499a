import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TargetHealth } from '../../../src/upstream/health.ts'
import { gpt4o, gpt4oMini } from '../../support/targets.ts'

function healthAt() {
  const time = { now: 0, wallStep: 0 }
  const health = new TargetHealth({ now: () => time.now + time.wallStep, elapsed: () => time.now })
  const fail = (times: number) => {
    for (let each = 0; each < times; each += 1) health.failed(gpt4o)
  }
  const failTrial = () => health.failed(gpt4o, health.started(gpt4o))
  return { time, health, fail, failTrial }
}

test('five failures in a row rest that target, and no other, for two seconds', () => {
  const { time, health, fail } = healthAt()
  fail(4)
  assert.equal(health.absenceOf(gpt4o), undefined)
  fail(1)
  assert.equal(health.absenceOf(gpt4o)?.retryAfterMs, 2000)
  assert.equal(health.absenceOf(gpt4oMini), undefined)
  time.now = 1999
  assert.equal(health.absenceOf(gpt4o)?.retryAfterMs, 1)
  time.now = 2000
  assert.equal(health.absenceOf(gpt4o), undefined)
})

test('a complete answer resets the failure count', () => {
  const { health, fail } = healthAt()
  fail(4)
  health.succeeded(gpt4o)
  fail(4)
  assert.equal(health.absenceOf(gpt4o), undefined)
})

test('after a rest one request tries the target, and others wait until its answer begins', () => {
  const { time, health, fail } = healthAt()
  fail(5)
  time.now = 2000
  health.started(gpt4o)
  assert.deepEqual(health.absenceOf(gpt4o), { reason: 'being tried after a rest', retryAfterMs: 2000 })
  health.answering(gpt4o)
  assert.equal(health.absenceOf(gpt4o), undefined)
})

test('an answer that begins after a rest and breaks off leads straight to another rest', () => {
  const { time, health, fail } = healthAt()
  fail(5)
  time.now = 2000
  health.started(gpt4o)
  health.answering(gpt4o)
  fail(1)
  assert.equal(health.absenceOf(gpt4o)?.retryAfterMs, 2000)
})

test('a trial that fails doubles the rest, up to a minute', () => {
  const { time, health, fail, failTrial } = healthAt()
  fail(5)
  for (const rest of [4000, 8000, 16_000, 32_000, 60_000, 60_000]) {
    time.now += 60_000
    failTrial()
    assert.equal(health.absenceOf(gpt4o)?.retryAfterMs, rest)
  }
})

test('a trial that never reports back does not block the target forever', () => {
  const { time, health, fail } = healthAt()
  fail(5)
  time.now = 2000
  health.started(gpt4o)
  time.now = 32_000
  assert.equal(health.absenceOf(gpt4o), undefined)
})

test('a trial that was never sent frees its place and does not lengthen the rest', () => {
  const { time, health, fail, failTrial } = healthAt()
  fail(5)
  time.now = 2000
  health.inconclusive(gpt4o, health.started(gpt4o))
  assert.equal(health.absenceOf(gpt4o), undefined)
  failTrial()
  assert.equal(health.absenceOf(gpt4o)?.retryAfterMs, 4000)
})

// Whoever left freed the place of the trial: a target that hung was tried by as many at once as had given up on it.
test('there is one trial at a time, whoever else gives up on the target or fails meanwhile', () => {
  const { time, health, fail, failTrial } = healthAt()
  const earlier = health.started(gpt4o)
  fail(5)
  time.now = 2000
  const trial = health.started(gpt4o)
  const beside = health.started(gpt4o)
  for (const other of [earlier, beside]) {
    health.inconclusive(gpt4o, other)
    health.failed(gpt4o, other)
    assert.equal(health.absenceOf(gpt4o)?.reason, 'being tried after a rest')
  }
  time.now = 32_000
  const next = health.started(gpt4o)
  health.inconclusive(gpt4o, trial)
  assert.equal(health.absenceOf(gpt4o)?.reason, 'being tried after a rest')
  health.inconclusive(gpt4o, next)
  assert.equal(health.absenceOf(gpt4o), undefined)
  failTrial()
  assert.equal(health.absenceOf(gpt4o)?.retryAfterMs, 4000)
})

test('a trial that fails too late lengthens the rest all the same', () => {
  const { time, health, fail } = healthAt()
  fail(5)
  time.now = 2000
  const trial = health.started(gpt4o)
  time.now = 32_000
  health.started(gpt4o)
  health.failed(gpt4o, trial)
  assert.equal(health.absenceOf(gpt4o)?.retryAfterMs, 4000)
})

test('a request that was decided on before a rest does not shorten it', () => {
  const { time, health, fail } = healthAt()
  fail(5)
  time.now = 500
  health.inconclusive(gpt4o, health.started(gpt4o))
  assert.equal(health.absenceOf(gpt4o)?.retryAfterMs, 1500)
})

test('a retired model is skipped for ten minutes, whatever late requests report', () => {
  const { time, health, fail } = healthAt()
  health.gone(gpt4o)
  fail(1)
  assert.deepEqual(health.absenceOf(gpt4o), { reason: 'not on openai any more', retryAfterMs: undefined })
  time.now = 600_000
  assert.equal(health.absenceOf(gpt4o), undefined)
  // From then on it is a target like any other.
  fail(5)
  assert.equal(health.absenceOf(gpt4o)?.retryAfterMs, 2000)
})

for (const step of [-3_600_000, 3_600_000]) {
  test(`a wall clock step of ${step / 60_000} minutes does not change any rest`, () => {
    const { time, health, fail } = healthAt()
    fail(5)
    health.gone(gpt4oMini)
    time.wallStep = step
    assert.equal(health.absenceOf(gpt4o)?.retryAfterMs, 2000)
    assert.notEqual(health.absenceOf(gpt4oMini), undefined)
    time.now = 2000
    assert.equal(health.absenceOf(gpt4o), undefined)
    health.started(gpt4o)
    time.wallStep = 0
    assert.equal(health.absenceOf(gpt4o)?.retryAfterMs, 2000)
    time.now = 600_000
    assert.equal(health.absenceOf(gpt4oMini), undefined)
  })
}
