import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { zstdCompressSync } from 'node:zlib'
import OpenAI from 'openai'
import { askWhole } from '../support/client.ts'
import { KEY, keyEntry, openHouse } from '../support/house.ts'
import { startUpstream } from '../support/simulator-upstream.ts'

const FACT = 'What is the capital of Australia?'
const PROOF = 'Prove that the square root of two is irrational.'

/** Models are served by `openai`, the second upstream. A request without a target would go to `first`. */
async function open(t: TestContext) {
  const first = await startUpstream(t)
  const own = await startUpstream(t)
  const house = await openHouse(t, {
    settings: {
      upstreams: {
        first: { base_url: first.baseUrl, api_key: 'sk-first' },
        openai: { base_url: own.baseUrl, api_key: 'sk-own' },
      },
      teams: {
        research: { keys: [keyEntry(KEY)], budgets: [{ usd: 1, per: 'total' }] },
        small: { keys: [keyEntry('sk-small')], models: ['gpt-4o-mini'] },
      },
    },
  })
  const clientOf = (apiKey: string) => new OpenAI({ baseURL: house.baseUrl, apiKey, maxRetries: 0 })
  const sent = () => {
    assert.equal(first.calls.length, 0, 'nothing is asked of who does not serve the model')
    return own.calls.at(-1)?.parsed as Readonly<Record<string, unknown>>
  }
  return { house, clientOf, sent, own }
}

test('tokens are counted by the model the request would go to, adapted to that model', async (t) => {
  const { house, clientOf, sent } = await open(t)
  const client = clientOf(KEY)
  const {
    data,
    response,
    request_id: id,
  } = await client.responses.inputTokens
    .count({ model: 'auto', instructions: 'Be brief.', input: PROOF, parallel_tool_calls: false })
    .withResponse()
  assert.ok(data.input_tokens > 0)
  assert.equal(response.headers.get('x-trivium-model'), 'o1-mini')
  assert.equal(response.headers.get('x-trivium-class'), 'stem_reasoning')
  assert.deepEqual(sent().input, [
    { role: 'user', content: 'Be brief.' },
    { role: 'user', content: PROOF },
  ])
  assert.equal(sent().model, 'o1-mini')
  assert.equal(sent().max_output_tokens, undefined)
  const row = await house.row(id)
  assert.deepEqual([row.endpoint, row.target, row.cost_nusd], ['responses', 'o1-mini', 0])
})

test('classes, pins and other names are routed when counting too', async (t) => {
  const { clientOf, sent } = await open(t)
  for (const [model, served] of [
    ['trivium/factual_recall', 'gpt-4o-mini'],
    ['trivium/pin:o4-mini', 'o4-mini'],
    ['some-other-name', 'gpt-4o-mini'],
  ] as const) {
    await clientOf(KEY).responses.inputTokens.count({ model, input: FACT })
    assert.equal(sent().model, served)
  }
})

test('a follow-up is counted where its answer is stored, and only for its own team', async (t) => {
  const { clientOf, sent, own } = await open(t)
  const { id } = await clientOf(KEY).responses.create({ model: 'auto', input: PROOF })
  const followUp = { model: 'auto', input: FACT, previous_response_id: id }
  const { response } = await clientOf(KEY).responses.inputTokens.count(followUp).withResponse()
  assert.equal(sent().model, 'o1-mini')
  assert.equal(response.headers.get('x-trivium-cause'), 'inherited')
  const calls = own.calls.length
  await assert.rejects(clientOf('sk-small').responses.inputTokens.count(followUp), {
    code: 'previous_response_not_found',
  })
  assert.equal(own.calls.length, calls)
})

test('a prompt too long for every model is still counted', async (t) => {
  const { clientOf, sent } = await open(t)
  const input = 'word '.repeat(600_000)
  const { input_tokens: tokens } = await clientOf(KEY).responses.inputTokens.count({ model: 'auto', input })
  assert.ok(tokens > 128_000)
  assert.equal(sent().input, input)
})

test("counting stays within the team's models", async (t) => {
  const { clientOf, sent } = await open(t)
  await clientOf('sk-small').responses.inputTokens.count({ model: 'gpt-4o', input: PROOF })
  assert.equal(sent().model, 'gpt-4o-mini')
  await assert.rejects(
    clientOf('sk-small').responses.inputTokens.count({ model: 'trivium/pin:gpt-4o', input: PROOF }),
    OpenAI.NotFoundError,
  )
})

test('a compressed body is decompressed, and an empty one is refused', async (t) => {
  const { house, sent } = await open(t)
  const url = `${house.baseUrl}/responses/input_tokens`
  const body = zstdCompressSync(JSON.stringify({ model: 'auto', input: FACT }))
  const answer = await askWhole(url, { body, headers: { 'content-encoding': 'zstd' } })
  assert.equal(answer.status, 200)
  assert.deepEqual(sent(), { model: 'gpt-4o-mini', input: FACT })
  assert.equal((await askWhole(url, { body: '' })).status, 400)
})
