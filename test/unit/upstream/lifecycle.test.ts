import assert from 'node:assert/strict'
import { test } from 'node:test'
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
  const pending = [...lists]
  const lifecycle = new Lifecycle({
    watched: () => ({
      settings: { refreshMs: undefined, warnAheadMs: warnAheadDays * DAY },
      upstreams: [openai],
      routed: [gpt4o, retiredOne, gpt4o],
    }),
    now: () => NOW,
    log: { warn: (facts) => warned.push(facts) },
    ask: async () => {
      const models = pending.shift()
      return { upstream: 'openai', ok: models !== undefined, detail: '', models }
    },
  })
  return { lifecycle, warned }
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
