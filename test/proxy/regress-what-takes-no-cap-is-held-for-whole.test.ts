import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { askWhole } from '../support/client.ts'
import { openHouse } from '../support/house.ts'
import { startWritten } from '../support/written-upstream.ts'

/** A house whose upstream writes as much as its cap allows, or all that the model can, at the tier asked for. */
async function openGreedy(t: TestContext, usd: number, team: object = {}) {
  const asked: { max_output_tokens?: number; service_tier?: string }[] = []
  const upstream = await startWritten(t, (response, _index, _request, body) => {
    const ask: (typeof asked)[number] = JSON.parse(body.toString())
    asked.push(ask)
    const output_tokens = ask.max_output_tokens ?? 16_384
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(
      JSON.stringify({
        id: 'resp_1',
        object: 'response.compaction',
        model: 'gpt-4o',
        output: [{ type: 'message', content: [] }],
        usage: { input_tokens: 10, output_tokens, total_tokens: 10 + output_tokens },
        service_tier: ask.service_tier ?? 'default',
      }),
    )
  })
  const house = await openHouse(t, {
    upstream: { base_url: upstream.baseUrl },
    team: { budgets: [{ usd, per: 'total' }], ...team },
  })
  return { house, asked }
}

// 16,384 tokens of output cost $0.164 at the standard tier and $0.279 at the dearest.
for (const [usd, more, status] of [
  [0.05, {}, 429],
  [0.05, { max_output_tokens: 100 }, 429],
  [0.17, { service_tier: 'priority' }, 429],
  [0.3, { service_tier: 'priority' }, 200],
  [0.3, {}, 200],
] as const) {
  test(`a compaction of ${JSON.stringify(more)} within $${usd} answers ${status}, and never overspends`, async (t) => {
    const { house, asked } = await openGreedy(t, usd)
    const url = house.chatUrl.replace('chat/completions', 'responses/compact')
    const answer = await askWhole(url, { body: { model: 'gpt-4o', input: 'Hello', ...more } })
    assert.equal(answer.status, status, answer.text())
    assert.equal(asked.length, status === 200 ? 1 : 0)
    const row = await house.row(answer.headers['x-request-id'])
    const cost = Number(row.cost_nusd)
    assert.ok(cost <= usd * 1e9, `${cost}`)
    if (status === 200) assert.ok(cost > 0.16e9 && cost <= row.held_nusd)
  })
}

test('a compaction is not refused because an answer without a cap could exceed a minute’s tokens', async (t) => {
  const { house } = await openGreedy(t, 1, { limits: { tokens_per_minute: 10_000 } })
  const url = house.chatUrl.replace('chat/completions', 'responses/compact')
  const answer = await askWhole(url, { body: { model: 'gpt-4o', input: 'Hello' } })
  assert.equal(answer.status, 200, answer.text())
  const next = await askWhole(url, { body: { model: 'gpt-4o', input: 'Hello' } })
  assert.equal(next.status, 429, 'what it used counts')
})

// The vendor takes no cap below 16: where less could be paid for, one of 16 was sent.
test('a response is refused if not even the smallest cap its upstream takes can be paid for', async (t) => {
  const { house, asked } = await openGreedy(t, 0.00036, { min_output: 1 })
  const url = house.chatUrl.replace('chat/completions', 'responses')
  const answer = await askWhole(url, { body: { model: 'trivium/pin:gpt-4o', input: 'hello there' } })
  assert.equal(answer.status, 429, JSON.stringify(asked))
})
