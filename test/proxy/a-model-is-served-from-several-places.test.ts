import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import OpenAI from 'openai'
import { startSimulator } from '../../src/simulator/server.ts'
import { openHouse } from '../support/house.ts'

const FACT = 'What is the capital of Australia?'
const ROUTES = {
  stem_reasoning: ['gpt-4o-mini'],
  factual_recall: ['gpt-4o-mini', 'gpt-4o'],
  language_heavy: ['gpt-4o'],
}

async function ask(baseURL: string, question: string, headers: Record<string, string> = {}) {
  const client = new OpenAI({ baseURL, apiKey: 'sk-test', maxRetries: 0 })
  const { response } = await client.chat.completions
    .create({ model: 'auto', messages: [{ role: 'user', content: question }] }, { headers })
    .withResponse()
  return response.headers
}

async function twoPlaces(t: TestContext, weights: readonly [number, number]) {
  const other = await startSimulator()
  t.after(() => other.close())
  const house = await openHouse(t, {
    settings: {
      routes: ROUTES,
      models: {
        'gpt-4o-mini': {
          upstream: [
            { name: 'openai', weight: weights[0] },
            { name: 'other', weight: weights[1] },
          ],
        },
      },
    },
    upstreams: { other: { base_url: other.baseUrl, api_key: 'sk-other', retries: 2 } },
  })
  return { house, other }
}

test('conversations are spread by weight, and each stays at its place', async (t) => {
  const { house, other } = await twoPlaces(t, [1, 3])
  for (let round = 0; round < 2; round += 1) {
    for (let index = 0; index < 60; index += 1) await ask(house.baseUrl, `${FACT} (${index})`)
  }
  const first = house.simulator.calls.map(({ body }) => body.toString())
  const second = other.calls.map(({ body }) => body.toString())
  assert.equal(first.length + second.length, 120)
  assert.ok(second.length > first.length)
  assert.ok(first.length > 8)
  for (const calls of [first, second]) assert.equal(new Set(calls).size, calls.length / 2)
  const places = new Set(house.rows().map(({ upstream }) => upstream))
  assert.deepEqual(places, new Set(['openai', 'other']))
})

test('a rate-limited place is left alone for its retry-after, and the other serves at once', async (t) => {
  const { house, other } = await twoPlaces(t, [1000, 0.001])
  house.simulator.follow(() => ({ fault: { kind: 'status', code: 429, retry_after_ms: 30_000 } }))
  const started = performance.now()
  for (let index = 0; index < 5; index += 1) {
    const headers = await ask(house.baseUrl, `${FACT} (${index})`)
    assert.equal(headers.get('x-trivium-model'), 'gpt-4o-mini')
    assert.equal(headers.get('x-trivium-attempts'), index === 0 ? '2' : '1')
  }
  assert.ok(performance.now() - started < 5000)
  assert.equal(house.simulator.calls.length, 1)
  assert.equal(other.calls.length, 5)
})

test('a model with every place rate-limited gives way to the next model, or answers 429 if there is none', async (t) => {
  const { house, other } = await twoPlaces(t, [1, 1])
  for (const simulator of [house.simulator, other]) {
    simulator.follow(({ model }) =>
      model === 'gpt-4o-mini' ? { fault: { kind: 'status', code: 429, retry_after_ms: 30_000 } } : undefined,
    )
  }
  for (let index = 0; index < 3; index += 1) {
    const headers = await ask(house.baseUrl, `${FACT} (${index})`)
    assert.equal(headers.get('x-trivium-model'), 'gpt-4o')
    assert.equal(headers.get('x-trivium-attempts'), index === 0 ? '3' : '1')
  }
  await assert.rejects(ask(house.baseUrl, FACT, { 'x-trivium-route': 'gpt-4o-mini' }), OpenAI.RateLimitError)
})

test('each API key of an upstream is a place of its own', async (t) => {
  const house = await openHouse(t, {
    upstream: { api_key: ['sk-one', 'sk-two'] },
    settings: { routes: ROUTES },
  })
  for (let index = 0; index < 40; index += 1) await ask(house.baseUrl, `${FACT} (${index})`)
  const keys = Map.groupBy(house.simulator.calls, ({ headers }) => headers.authorization)
  assert.deepEqual(new Set(keys.keys()), new Set(['Bearer sk-one', 'Bearer sk-two']))
  for (const calls of keys.values()) assert.ok(calls.length >= 8)
  assert.deepEqual(new Set(house.rows().map(({ upstream }) => upstream)), new Set(['openai', 'openai#2']))
})

test('an outage does not cause a retry storm', async (t) => {
  const house = await openHouse(t, { settings: { routes: ROUTES } })
  house.simulator.follow(() => ({ fault: { kind: 'status', code: 503 } }))
  const clients = 30
  const client = new OpenAI({ baseURL: house.baseUrl, apiKey: 'sk-test', maxRetries: 2 })
  const outcomes = await Promise.allSettled(
    Array.from({ length: clients }, (_, index) =>
      client.chat.completions.create({
        model: 'trivium/pin:gpt-4o-mini',
        messages: [{ role: 'user', content: `${FACT} (${index})` }],
      }),
    ),
  )
  assert.ok(outcomes.every(({ status }) => status === 'rejected'))
  // Three attempts for each of the clients' three would be nine calls for each client.
  assert.ok(house.simulator.calls.length <= clients * 3 + 20, String(house.simulator.calls.length))
})

test('an upstream’s 429s reach the clients and do not open its circuit breaker', async (t) => {
  const house = await openHouse(t, { settings: { routes: ROUTES }, upstream: { retries: 0 } })
  house.simulator.follow(() => ({ fault: { kind: 'status', code: 429 } }))
  const pin = { 'x-trivium-route': 'gpt-4o-mini' }
  for (let index = 0; index < 12; index += 1) {
    await assert.rejects(ask(house.baseUrl, `${FACT} (${index})`, pin), OpenAI.RateLimitError)
  }
  house.simulator.follow(() => undefined)
  assert.equal((await ask(house.baseUrl, FACT, pin)).get('x-trivium-model'), 'gpt-4o-mini')
})
