import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { ReplayRuns } from '../../../src/operations/replay-runs.ts'
import { type Attention, JobFailed } from '../../../src/operations/workshop.ts'

const WISH = { since: 0 }

/** A workshop whose replays end when the test says so, or when they are aborted. */
function scripted() {
  const begun: (PromiseWithResolvers<never> & Attention)[] = []
  const replay = (_: unknown, attention: Attention) => {
    const ending = Promise.withResolvers<never>()
    attention.signal?.addEventListener('abort', () => ending.reject(new JobFailed('Ended', 'it was ended')))
    begun.push({ ...ending, ...attention })
    return ending.promise
  }
  return { runs: new ReplayRuns({ replay }, () => 0), begun }
}

test('a second replay is told whose is running; a cancelled one makes room and stays cancelled', async () => {
  const { runs, begun } = scripted()
  const first = runs.start(WISH, 'rita')
  begun[0]?.onProgress?.(3_000)
  assert.equal(runs.find(first.run.id)?.done, 3_000)
  const busy = runs.start(WISH, 'ada')
  assert.deepEqual([busy.isBusy, busy.run.id, busy.run.by], [true, first.run.id, 'rita'])
  assert.equal(runs.cancel(first.run.id)?.state, 'cancelled')
  const next = runs.start(WISH, 'ada')
  assert.equal(next.isBusy, false)
  await setImmediate()
  begun[0]?.onProgress?.(9_000)
  assert.deepEqual(
    [runs.find(first.run.id)?.state, runs.find(first.run.id)?.done, runs.find(next.run.id)?.state],
    ['cancelled', 3_000, 'running'],
  )
  assert.equal(runs.start(WISH, 'vera').isBusy, true)
})

test('a replay that fails says why, and does not block the next one', async () => {
  const { runs, begun } = scripted()
  const { run } = runs.start(WISH, 'rita')
  begun[0]?.reject(new JobFailed('ConfigError', 'rules:3: not valid YAML'))
  await setImmediate()
  assert.deepEqual(
    [runs.find(run.id)?.state, runs.find(run.id)?.problem],
    ['failed', 'rules:3: not valid YAML'],
  )
  assert.equal(runs.start(WISH, 'rita').isBusy, false)
})
