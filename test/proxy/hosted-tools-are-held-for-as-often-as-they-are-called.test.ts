import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { askWhole } from '../support/client.ts'
import { openHouse } from '../support/house.ts'
import { startWritten } from '../support/written-upstream.ts'

/** gpt-4o: 128,000 tokens of context at 2,500 nano-dollars, 256 tokens of answer at 10,000. */
const READING = 128_000 * 2_500
const ANSWER = 256 * 10_000

const SEARCH = { tools: [{ type: 'web_search' }] }
const FUNCTION = { type: 'function', name: 'add', parameters: { type: 'object', properties: {} } }

/** A response whose tools read `input` tokens in total, for a team with a budget of `usd` dollars (0: no budget). */
async function searched(t: TestContext, more: object, { input = 300_000, usd = 100 } = {}) {
  const received: string[] = []
  const upstream = await startWritten(t, (response, _index, _request, sent) => {
    received.push(sent.toString())
    const usage = { input_tokens: input, output_tokens: 50, total_tokens: input + 50 }
    const message = {
      type: 'message',
      role: 'assistant',
      content: [{ type: 'output_text', text: 'Found it.' }],
    }
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(
      JSON.stringify({ id: 'resp_1', status: 'completed', model: 'gpt-4o', output: [message], usage }),
    )
  })
  const house = await openHouse(t, {
    upstream: { base_url: upstream.baseUrl },
    team: { budgets: usd === 0 ? [] : [{ usd, per: 'month' }] },
  })
  const body = { model: 'trivium/pin:gpt-4o', input: 'What is the news?', max_output_tokens: 256, ...more }
  const answer = await askWhole(`${house.baseUrl}/responses`, { body })
  return { answer, body, received, row: await house.row(answer.headers['x-request-id']) }
}

test('without max_tool_calls a limit is added, and the context is held once more per call', async (t) => {
  const { answer, received, row } = await searched(t, SEARCH)
  assert.equal(answer.status, 200)
  assert.match(String(answer.headers['x-trivium-adapted']), /max_tool_calls=8/)
  assert.match(received[0] ?? '', /"max_tool_calls":8/)
  assert.equal(row.held_nusd, 9 * READING + ANSWER)
  assert.deepEqual([row.usage_source, row.input_tokens], ['reported', 300_000])
  assert.equal(row.cost_nusd, 300_000 * 2_500 + 50 * 10_000)
})

test('tools that an input item adds are held for like the request’s own', async (t) => {
  const brought = { type: 'additional_tools', role: 'developer', ...SEARCH }
  const input = [brought, { role: 'user', content: 'What is the news?' }]
  const { received, row } = await searched(t, { input })
  assert.match(received[0] ?? '', /"max_tool_calls":8/)
  assert.equal(row.held_nusd, 9 * READING + ANSWER)
})

test('a given max_tool_calls is kept, and the hold follows it', async (t) => {
  const { answer, received, row } = await searched(t, { ...SEARCH, max_tool_calls: 2 })
  assert.equal(answer.status, 200)
  assert.match(received[0] ?? '', /"max_tool_calls":2\b/)
  assert.equal(row.held_nusd, 3 * READING + ANSWER)
})

test('a budget without room for all tool calls refuses the request before any is made', async (t) => {
  const { answer, received } = await searched(t, SEARCH, { usd: 2 })
  assert.equal(answer.status, 429)
  assert.match(answer.text(), /insufficient_quota/)
  assert.deepEqual(received, [])
})

test('without a budget no limit is added, and reported usage is booked', async (t) => {
  const { body, received, row } = await searched(t, SEARCH, { usd: 0 })
  assert.deepEqual(JSON.parse(received[0] ?? ''), { ...body, model: 'gpt-4o' })
  assert.deepEqual([row.usage_source, row.input_tokens], ['reported', 300_000])
})

test('tools that the client runs add nothing to the hold', async (t) => {
  const { received, row } = await searched(t, { tools: [FUNCTION] }, { input: 100 })
  assert.doesNotMatch(received[0] ?? '', /max_tool_calls/)
  assert.ok(row.held_nusd < READING / 10, String(row.held_nusd))
})
