import assert from 'node:assert/strict'
import { copyFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { askWhole } from '../support/client.ts'
import { eventually } from '../support/eventually.ts'
import { type House, KEY, keyEntry, openHouse } from '../support/house.ts'
import { type Scrape, scrape } from '../support/scrape.ts'

const TOKEN = 'an-admin-token'
const server = { listen: '127.0.0.1:0', admin: '127.0.0.1:0', drain: '200ms', admin_token: TOKEN }

const chat = (content: string, more: object = {}) => ({
  model: 'trivium/factual_recall',
  messages: [{ role: 'user', content }],
  max_completion_tokens: 60,
  ...more,
})

/** Scrapes until `requests` requests are counted: the last one's row may not be closed yet. */
async function scrapeOf(house: House, requests: number): Promise<Scrape> {
  return eventually(async () => {
    const told = await scrape(house.adminUrl, TOKEN)
    return told.sum('trivium_requests_total') === requests ? told : undefined
  })
}

test('requests, tokens and money in the metrics match the ledger', async (t) => {
  const house = await openHouse(t, { settings: { server } })
  await askWhole(house.chatUrl, { body: chat('Who wrote Middlemarch?') })
  await askWhole(house.chatUrl, { body: chat('Write a poem on rain.', { model: 'trivium/language_heavy' }) })
  await askWhole(house.chatUrl, { body: chat('Who wrote Emma?', { stream: true }) })
  await askWhole(house.chatUrl, { body: { model: 'auto' } })
  await askWhole(house.chatUrl, { body: chat('Who?'), key: 'nobody' })
  const told = await scrapeOf(house, 5)
  const rows = house.rows()
  const total = (of: 'cost_nusd' | 'baseline_nusd' | 'input_tokens' | 'output_tokens') =>
    rows.reduce((sum, row) => sum + (row[of] ?? 0), 0)
  assert.equal(told.sum('trivium_requests_total', { team: 'research', outcome: 'ok' }), 3)
  assert.equal(told.sum('trivium_requests_total', { class: 'factual_recall', model: 'gpt-4o-mini' }), 2)
  assert.equal(told.sum('trivium_refusals_total', { team: 'research', code: 'invalid_request' }), 1)
  assert.equal(told.sum('trivium_refusals_total', { team: 'none', code: 'invalid_api_key' }), 1)
  assert.equal(told.sum('trivium_tokens_total', { kind: 'input' }), total('input_tokens'))
  assert.equal(told.sum('trivium_tokens_total', { kind: 'output' }), total('output_tokens'))
  assertClose(told.sum('trivium_cost_usd_total'), total('cost_nusd') / 1e9)
  assertClose(told.sum('trivium_baseline_usd_total'), total('baseline_nusd') / 1e9)
  assertClose(told.sum('trivium_budget_spent_usd'), total('cost_nusd') / 1e9)
  assert.equal(told.sum('trivium_budget_limit_usd', { budget: 'team:research/total', team: 'research' }), 100)
  assert.equal(told.sum('trivium_budget_held_usd'), 0)
  assert.equal(told.sum('trivium_first_byte_seconds_count', { model: 'gpt-4o-mini' }), 2)
  assert.equal(told.sum('trivium_request_duration_seconds_count'), 3)
  assert.equal(told.sum('trivium_overhead_seconds_count', { endpoint: 'chat' }), 3)
  assert.equal(told.sum('trivium_store_decision_seconds_count', { store: 'ledger' }), 3)
  assert.equal(told.sum('trivium_store_decision_seconds_count', { store: 'limits' }), 4)
  assert.equal(told.sum('trivium_verdicts_total', { cause: 'forced' }), 3)
})

test('a hold in flight is reported as held', async (t) => {
  const house = await openHouse(t, { settings: { server } })
  house.simulator.follow(() => ({ fault: { kind: 'pause', when: 'mid_frame' } }))
  const asked = askWhole(house.chatUrl, { body: chat('Who wrote Middlemarch?', { stream: true }) })
  await eventually(() => house.simulator.calls.length === 1 || undefined)
  const told = await scrape(house.adminUrl, TOKEN)
  assert.ok(told.sum('trivium_budget_held_usd') > 0)
  assert.equal(told.sum('trivium_requests_in_flight'), 1)
  house.simulator.release()
  await asked
})

test('attempts and conditions are reported per upstream and model', async (t) => {
  const house = await openHouse(t, { settings: { server }, upstream: { retries: 1 } })
  house.simulator.follow(({ model }) =>
    model === 'gpt-4o-mini' ? { fault: { kind: 'status', code: 503, retry_after_ms: 1 } } : undefined,
  )
  for (let time = 0; time < 3; time += 1) await askWhole(house.chatUrl, { body: chat('Who wrote Emma?') })
  const told = await scrapeOf(house, 3)
  const attempts = (model: string, result: string) =>
    told.sum('trivium_upstream_attempts_total', { upstream: 'openai', model, result })
  assert.deepEqual([attempts('gpt-4o-mini', 'failed'), attempts('gpt-4o', 'answered')], [5, 3])
  const condition = (model: string, of: string) =>
    told.sum('trivium_upstream_condition', { upstream: 'openai', model, condition: of })
  assert.deepEqual([condition('gpt-4o-mini', 'resting'), condition('gpt-4o', 'up')], [1, 1])
  assert.ok(told.sum('trivium_upstream_retries_left', { upstream: 'openai' }) < 10)
})

test('without a token money and tokens are left out, and a wrong token is refused', async (t) => {
  const house = await openHouse(t, { settings: { server } })
  await askWhole(house.chatUrl, { body: chat('Who wrote Middlemarch?') })
  await scrapeOf(house, 1)
  const stranger = await scrape(house.adminUrl)
  assert.equal(stranger.sum('trivium_requests_total'), 1)
  assert.deepEqual(
    [...stranger.types.keys()].filter((name) => /usd|tokens/.test(name)),
    [],
  )
  const wrong = await fetch(`${house.adminUrl}/metrics`, { headers: { authorization: 'Bearer guess' } })
  assert.equal(wrong.status, 401)
})

test('clients cannot create label values, whatever they send', async (t) => {
  const house = await openHouse(t, {
    settings: { server },
    team: { keys: [keyEntry(KEY), keyEntry('second')] },
  })
  await askWhole(house.chatUrl, { body: chat('Who wrote Middlemarch?') })
  const before = await scrapeOf(house, 1)
  const bomb = '"} 1\ntrivium_evil{a="'
  for (let index = 0; index < 40; index += 1) {
    const model = `model-${index}${bomb}`
    const base = house.chatUrl.replace('/chat/completions', '')
    await askWhole(house.chatUrl, {
      body: chat('Who?', { model }),
      headers: { 'x-trivium-route': `r${index}` },
    })
    await askWhole(house.chatUrl, { body: chat('Who?', { model, user: bomb }), key: `key-${index}` })
    await askWhole(`${base}/nowhere-${index}`, { body: { model } })
    await askWhole(`${base}/models/${encodeURIComponent(model)}`, { method: 'GET' })
  }
  const after = await scrapeOf(house, 161)
  const valuesOf = ({ samples }: Scrape) =>
    new Set(
      [...samples.values()]
        .flat()
        .flatMap(({ labels }) => Object.entries(labels).map((pair) => pair.join('='))),
    )
  const added = [...valuesOf(after)].filter((value) => !valuesOf(before).has(value))
  assert.ok(added.length <= 12, added.join(' '))
  for (const value of added) assert.doesNotMatch(value, /evil|model-|key-|nowhere|=r\d/)
  assert.ok(!after.text.includes('trivium_evil'))
})

test('reloads are counted, and live and shadow classifier versions are named', async (t) => {
  const house = await openHouse(t, { settings: { server } })
  house.rewrite({ settings: { server, routes: { stem_reasoning: ['no-such-model'] } } })
  await house.reload()
  copyFileSync('config/rules.yaml', join(dirname(house.config), 'shadow.yaml'))
  house.rewrite({ settings: { server, shadow: { rules: 'shadow.yaml' } } })
  await house.reload()
  const { headers } = await askWhole(house.chatUrl, {
    body: chat('Who wrote Middlemarch?', { model: 'auto' }),
  })
  await house.row(headers['x-request-id'])
  const told = await scrape(house.adminUrl, TOKEN)
  assert.equal(told.sum('trivium_config_reloads_total', { result: 'refused' }), 1)
  assert.equal(told.sum('trivium_config_reloads_total', { result: 'accepted' }), 1)
  assert.equal(told.sum('trivium_config_last_reload_accepted'), 1)
  assert.equal(told.sum('trivium_shadow_verdicts_total', { verdict: 'same' }), 1)
  assert.equal(told.sum('trivium_verdict_confidence_count'), 1)
  const { live, shadow } = Object.fromEntries(
    (told.samples.get('trivium_classifier_info') ?? []).map(({ labels }) => [labels.role, labels]),
  )
  assert.match(live?.rules_version ?? '', /^\w+$/)
  assert.equal(shadow?.rules_version, live?.rules_version)
  assert.ok(told.sum('trivium_prices_checked_timestamp_seconds') > 1.7e9)
})

function assertClose(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`)
}
