import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { Lifecycle } from '../../../src/upstream/lifecycle.ts'
import type { Reachability } from '../../../src/upstream/model-list.ts'
import type { UpstreamSettings } from '../../../src/upstream/settings.ts'
import { gpt4o, o1Mini } from '../../support/targets.ts'

const DAY = 86_400_000
const NOW = Date.parse('2026-11-22')
const PAST = NOW - 10 * DAY

const openai: UpstreamSettings = {
  name: 'openai',
  baseUrl: 'http://127.0.0.1:1/v1',
  apiKey: undefined,
  kind: 'openai',
  apiVersion: undefined,
  deployments: {},
  timeouts: { connect: 1, firstByte: 1, idle: 1, total: 1 },
  retries: 0,
}

function lifecycleOf(lists: readonly Reachability['models'][], warnAheadDays = 60) {
  const warned: object[] = []
  const settings: { refreshMs: number | undefined; warnAheadMs: number } = {
    refreshMs: undefined,
    warnAheadMs: warnAheadDays * DAY,
  }
  const pending = [...lists]
  const routed = [gpt4o, retiredOne, gpt4o]
  const lifecycle = new Lifecycle({
    watched: () => ({
      settings,
      upstreams: [openai],
      routed,
    }),
    now: () => NOW,
    log: { warn: (facts) => warned.push(facts) },
    ask: async () => {
      const models = pending.shift()
      return { upstream: 'openai', ok: models !== undefined, detail: '', models }
    },
  })
  return { lifecycle, warned, settings, routed, unasked: () => pending.length }
}

const retiredOne = { ...o1Mini, shutdownAt: PAST }

test('a model past its shutdown date serves until its upstream has sent its list', async () => {
  const { lifecycle } = lifecycleOf([undefined])
  assert.equal(lifecycle.absenceOf(retiredOne), undefined)
  await lifecycle.look()
  assert.equal(lifecycle.absenceOf(retiredOne), undefined)
})

test('a model past its shutdown date is skipped while its upstream does not list it', async () => {
  const { lifecycle } = lifecycleOf([new Map(), undefined, new Map([[retiredOne.sentModel, undefined]])])
  await lifecycle.look()
  assert.match(lifecycle.absenceOf(retiredOne)?.reason ?? '', /retired on 2026-11-12/)
  await lifecycle.look()
  assert.notEqual(lifecycle.absenceOf(retiredOne), undefined)
  await lifecycle.look()
  assert.equal(lifecycle.absenceOf(retiredOne), undefined)
})

test("the upstream's shutdown date takes precedence over the catalogue's", async () => {
  const { lifecycle } = lifecycleOf([
    new Map([
      [gpt4o.sentModel, PAST],
      [retiredOne.sentModel, NOW + DAY],
    ]),
  ])
  assert.deepEqual(lifecycle.endOf(retiredOne), { at: PAST, saidBy: 'catalogue' })
  await lifecycle.look()
  assert.match(lifecycle.absenceOf(gpt4o)?.reason ?? '', /retired on/)
  assert.equal(lifecycle.absenceOf(retiredOne), undefined)
  assert.deepEqual(lifecycle.endOf(retiredOne), { at: NOW + DAY, saidBy: 'upstream' })
})

test('a model that stays by the configuration is neither retired nor warned of, whatever its upstream lists', async () => {
  const { lifecycle, warned } = lifecycleOf([new Map([[retiredOne.sentModel, PAST]])])
  const staying = { ...retiredOne, shutdownAt: undefined, stays: true }
  await lifecycle.look()
  assert.equal(lifecycle.absenceOf(staying), undefined)
  assert.equal(lifecycle.endOf(staying), undefined)
  assert.equal(lifecycle.absenceOf(retiredOne)?.reason, 'retired on 2026-11-12')
  assert.equal(warned.length, 1)
})

// Every key that was made, and every reload, logged all of them again.
test('a start warns by the catalogue where no list is to be read, and a reload of what is new', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { lifecycle, warned, settings, routed, unasked } = lifecycleOf([new Map()])
  const told = [
    { model: 'o1-mini', upstream: 'openai', shutdown: '2026-11-12', days: -10, saidBy: 'catalogue' },
  ]
  lifecycle.start()
  assert.deepEqual(warned, told)
  lifecycle.reloaded()
  assert.deepEqual(warned, told)
  for (const endsTomorrow of [true, false, true]) {
    if (endsTomorrow) routed.push({ ...gpt4o, shutdownAt: NOW + DAY })
    else routed.pop()
    lifecycle.reloaded()
  }
  const added = { model: 'gpt-4o', upstream: 'openai', shutdown: '2026-11-23', days: 1, saidBy: 'catalogue' }
  assert.deepEqual(warned, [...told, added, added], 'what had ceased and is there again is new')
  t.mock.timers.tick(DAY)
  assert.equal(unasked(), 1)

  settings.refreshMs = DAY
  lifecycle.reloaded()
  t.mock.timers.tick(1)
  await lifecycle.close()
  assert.deepEqual([unasked(), warned.length], [0, 5], 'a reload that says when to look begins to look')
})

// It waited for the end of the old one, which was half a day.
test('a reload with another interval begins it with a look, unless one is under way', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { lifecycle, settings, unasked } = lifecycleOf([new Map(), new Map(), new Map(), new Map()])
  settings.refreshMs = DAY
  lifecycle.start()
  t.mock.timers.tick(1)
  await turn()
  settings.refreshMs = 1_000
  lifecycle.reloaded()
  t.mock.timers.tick(1)
  settings.refreshMs = 2_000
  lifecycle.reloaded()
  await turn()
  assert.equal(unasked(), 2)
  t.mock.timers.tick(1_999)
  await turn()
  assert.equal(unasked(), 2)
  t.mock.timers.tick(1)
  await lifecycle.close()
  assert.equal(unasked(), 1)
})

test('no list is read any more after a reload that says never', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { lifecycle, settings, unasked } = lifecycleOf([new Map(), new Map()])
  settings.refreshMs = DAY
  lifecycle.start()
  settings.refreshMs = undefined
  lifecycle.reloaded()
  t.mock.timers.tick(2 * DAY)
  await lifecycle.close()
  assert.equal(unasked(), 2)
})

test('what lists said is forgotten after a reload that says never', async () => {
  const { lifecycle, settings } = lifecycleOf([new Map()])
  settings.refreshMs = DAY
  await lifecycle.look()
  assert.notEqual(lifecycle.absenceOf(retiredOne), undefined)
  settings.refreshMs = undefined
  // As if it had been read at an interval.
  lifecycle.start()
  assert.equal(lifecycle.absenceOf(retiredOne), undefined)
  await lifecycle.close()
})

test('a model without a shutdown date is never retired for not being listed', async () => {
  const { lifecycle } = lifecycleOf([new Map()])
  await lifecycle.look()
  assert.equal(lifecycle.absenceOf({ ...gpt4o, shutdownAt: undefined }), undefined)
})

test('each look warns once about every routed model whose shutdown is near or past', async () => {
  const list = new Map<string, number | undefined>([[gpt4o.sentModel, NOW + 30 * DAY]])
  const { lifecycle, warned } = lifecycleOf([list, list])
  await lifecycle.look()
  const told = [
    { model: 'gpt-4o', upstream: 'openai', shutdown: '2026-12-22', days: 30, saidBy: 'upstream' },
    { model: 'o1-mini', upstream: 'openai', shutdown: '2026-11-12', days: -10, saidBy: 'catalogue' },
  ]
  assert.deepEqual(warned, told)
  await lifecycle.look()
  assert.deepEqual(warned, [...told, ...told])
  const early = lifecycleOf([list], 20)
  await early.lifecycle.look()
  assert.deepEqual(early.warned, told.slice(1))
})
