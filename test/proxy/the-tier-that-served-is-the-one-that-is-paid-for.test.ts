import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askWhole } from '../support/client.ts'
import { openHouse } from '../support/house.ts'
import { chatBody, frame, startWritten, writeStream } from '../support/written-upstream.ts'

const USAGE = { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100 }

/** Nano-dollars for 1,000 tokens in and 100 out on gpt-4.1, by the tier the answer names. */
const COSTS = [
  ['default', 1000 * 2000 + 100 * 8000],
  ['priority', 1000 * 3500 + 100 * 14_000],
  ['batch', 1000 * 1000 + 100 * 4000],
] as const

for (const stream of [false, true]) {
  for (const [service_tier, cost] of COSTS) {
    test(`an answer served by tier ${service_tier} costs that tier’s price (stream: ${stream})`, async (t) => {
      const finished = [{ index: 0, delta: {}, finish_reason: 'stop' }]
      const frames = [frame({ choices: finished, usage: null, service_tier })]
      frames.push(frame({ choices: [], usage: USAGE, service_tier }), 'data: [DONE]\n\n')
      const choices = [{ index: 0, message: { role: 'assistant', content: '' }, finish_reason: 'stop' }]
      const upstream = await startWritten(t, (response) => {
        if (stream) return writeStream(response, frames.join(''), [50])
        response.writeHead(200, { 'content-type': 'application/json' })
        response.end(JSON.stringify({ choices, usage: USAGE, service_tier }))
      })
      const house = await openHouse(t, { upstream: { base_url: upstream.baseUrl } })
      const body = chatBody({ model: 'trivium/pin:gpt-4.1', stream, service_tier: 'priority' })
      const answer = await askWhole(house.chatUrl, { body })
      const row = await house.row(answer.headers['x-request-id'])
      assert.deepEqual([row.cost_nusd, row.usage_source], [cost, 'reported'])
    })
  }
}

test('under a budget the default tier is requested, so that no expensive project default is billed', async (t) => {
  const house = await openHouse(t)
  for (const service_tier of [undefined, 'auto', 'priority', 'flex']) {
    await askWhole(house.chatUrl, { body: chatBody({ service_tier }) })
    assert.equal(Object(house.simulator.calls.at(-1)?.parsed).service_tier, 'default')
  }
})

test('without a budget no tier is added', async (t) => {
  const house = await openHouse(t, { team: { budgets: [] } })
  await askWhole(house.chatUrl, { body: chatBody() })
  assert.equal('service_tier' in Object(house.simulator.calls.at(-1)?.parsed), false)
})

test('for a model that takes no tier, the most expensive one is held', async (t) => {
  const held = async (models: object) => {
    const house = await openHouse(t, { settings: { models } })
    const answer = await askWhole(house.chatUrl, { body: chatBody({ max_tokens: 1000 }) })
    assert.equal(answer.status, 200, answer.text())
    return (await house.row(answer.headers['x-request-id'])).held_nusd
  }
  const stated = await held({})
  const unstated = await held({
    'gpt-4o': { capabilities: ['stream', 'max_tokens', 'max_completion_tokens'] },
  })
  // Input at 4.25 instead of 2.50 dollars per million, output at 17 instead of 10: both 1.7 times.
  assert.equal(unstated, stated * 1.7)
})
