import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import OpenAI from 'openai'
import { compose } from '../../src/compose.ts'
import { eventually } from '../support/eventually.ts'
import { keyEntry, openHouse, prepareHouse } from '../support/house.ts'
import { MAJORS } from '../support/openai-majors.ts'

const FACT = 'What is the capital of Australia?'
const PROOF = 'Prove that the square root of two is irrational.'
const LETTER = 'Write a warm letter to a customer whose parcel came late.'

const house = await openHouse({
  after,
})
const client = new OpenAI({ baseURL: house.baseUrl, apiKey: 'sk-test' })

function lastAsked() {
  const parsed: unknown = house.simulator.calls.at(-1)?.parsed
  assert.ok(typeof parsed === 'object' && parsed !== null)
  return Object.fromEntries(Object.entries(parsed))
}

for (const { name, Client } of MAJORS) {
  test(`${name} creates a response, which is routed by its question`, async () => {
    const own: OpenAI = new Client({ baseURL: house.baseUrl, apiKey: 'sk-test' })
    const {
      data,
      response,
      request_id: id,
    } = await own.responses.create({ model: 'gpt-4.1', input: FACT }).withResponse()
    assert.match(data.output_text, /Canberra/)
    assert.equal(response.headers.get('x-trivium-class'), 'factual_recall')
    assert.equal(data.model, 'gpt-4o-mini-2024-07-18')
    const row = await house.row(id)
    assert.equal(row.endpoint, 'responses')
    assert.equal(row.outcome, 'ok')
    assert.equal(row.usage_source, 'reported')
    assert.equal(row.cost_nusd, house.simulator.calls.at(-1)?.billedNanoUsd)
  })

  test(`${name} reads a response’s event stream to its end`, async () => {
    const own: OpenAI = new Client({ baseURL: house.baseUrl, apiKey: 'sk-test' })
    const { data, request_id: id } = await own.responses
      .create({ model: 'auto', input: FACT, stream: true })
      .withResponse()
    let words = ''
    let last = ''
    for await (const event of data) {
      if (event.type === 'response.output_text.delta') words += event.delta
      last = event.type
    }
    assert.match(words, /Canberra/)
    assert.equal(last, 'response.completed')
    const row = await house.row(id)
    assert.equal(row.usage_source, 'reported')
    assert.equal(row.cost_nusd, house.simulator.calls.at(-1)?.billedNanoUsd)
  })
}

test('instructions become a user message for a model that takes none', async () => {
  for (const input of [PROOF, [{ role: 'user' as const, content: PROOF }]]) {
    const { response } = await client.responses
      .create({ model: 'gpt-4o', instructions: 'Be brief.', input, temperature: 0.2, max_output_tokens: 400 })
      .withResponse()
    assert.equal(response.headers.get('x-trivium-model'), 'o1-mini')
    assert.match(response.headers.get('x-trivium-adapted') ?? '', /instructions->user/)
    const sent = lastAsked()
    assert.equal(sent.instructions, undefined)
    assert.equal(sent.temperature, undefined)
    assert.deepEqual(sent.input, [
      { role: 'user', content: 'Be brief.' },
      { role: 'user', content: PROOF },
    ])
    assert.equal(sent.max_output_tokens, 25_400)
  }
})

test('a follow-up stays with the model that holds its state, whatever it asks', async () => {
  const first = await client.responses.create({ model: 'auto', input: PROOF })
  assert.equal(first.model, 'o1-mini-2024-09-12')
  const { data, response } = await client.responses
    .create({ model: 'auto', input: LETTER, previous_response_id: first.id })
    .withResponse()
  assert.equal(data.model, 'o1-mini-2024-09-12')
  assert.equal(response.headers.get('x-trivium-cause'), 'inherited')
  assert.equal(response.headers.get('x-trivium-class'), 'stem_reasoning')
})

test('a follow-up that its model cannot serve goes to another model of the same upstream', async () => {
  const first = await client.responses.create({ model: 'auto', input: PROOF })
  const { data, response } = await client.responses
    .create({
      model: 'auto',
      input: 'What weather has Lyon?',
      previous_response_id: first.id,
      tools: [
        {
          type: 'function',
          name: 'get_weather',
          parameters: { type: 'object', properties: {} },
          strict: false,
        },
      ],
    })
    .withResponse()
  assert.equal(response.headers.get('x-trivium-model'), 'gpt-4o')
  assert.equal(data.output.at(-1)?.type, 'function_call')
})

test('a tool call and its result take two rounds with the same model', async () => {
  const tools: OpenAI.Responses.FunctionTool[] = [
    { type: 'function', name: 'get_weather', parameters: { type: 'object', properties: {} }, strict: false },
  ]
  const first = await client.responses.create({ model: 'auto', input: 'What weather has Lyon?', tools })
  const call = first.output.find((item) => item.type === 'function_call')
  assert.ok(call !== undefined)
  const second = await client.responses.create({
    model: 'auto',
    tools,
    previous_response_id: first.id,
    input: [{ type: 'function_call_output', call_id: call.call_id, output: 'sunny' }],
  })
  assert.notEqual(second.output_text, '')
  assert.equal(second.model, first.model)
})

test('encrypted reasoning goes back to the model that wrote it', async () => {
  const pinned = {
    model: 'trivium/pin:o4-mini',
    store: false,
    include: ['reasoning.encrypted_content' as const],
  }
  const first = await client.responses.create({ ...pinned, input: PROOF })
  const [thoughts, message] = first.output
  assert.ok(thoughts?.type === 'reasoning' && message?.type === 'message')
  const { data } = await client.responses
    .create({ ...pinned, model: 'auto', input: [thoughts, message, { role: 'user', content: LETTER }] })
    .withResponse()
  assert.equal(data.model, 'o4-mini-2025-04-16')
})

test('encrypted reasoning without its ids goes back to the model that wrote it', async () => {
  const pinned = { store: false, include: ['reasoning.encrypted_content' as const] }
  const first = await client.responses.create({ ...pinned, model: 'trivium/pin:o4-mini', input: PROOF })
  const items = first.output.map(({ id: _, ...item }) => item)
  const input = [...items, { role: 'user' as const, content: LETTER }]
  const second = await client.responses.create({
    ...pinned,
    model: 'gpt-4o',
    input: input as OpenAI.Responses.ResponseInput,
  })
  assert.equal(second.model, 'o4-mini-2025-04-16')
})

test('a reference to any item of an answer goes to the model that holds it, with or without its type', async () => {
  const first = await client.responses.create({ model: 'auto', input: PROOF })
  const id = first.output.at(-1)?.id ?? ''
  for (const reference of [{ type: 'item_reference', id }, { id }]) {
    const { response } = await client.responses
      .create({
        model: 'auto',
        input: [reference, { role: 'user', content: LETTER }] as OpenAI.Responses.ResponseInput,
      })
      .withResponse()
    assert.equal(response.headers.get('x-trivium-model'), 'o1-mini')
    assert.equal(response.headers.get('x-trivium-cause'), 'inherited')
  }
})

test('a request with hosted tools stays on the model the client chose', async () => {
  const { response } = await client.responses
    .create({ model: 'gpt-4o', input: PROOF, tools: [{ type: 'web_search' }] })
    .withResponse()
  assert.equal(response.headers.get('x-trivium-model'), 'gpt-4o')
  assert.equal(response.headers.get('x-trivium-cause'), 'pinned')
  assert.equal(lastAsked().model, 'gpt-4o')
})

test('the model that holds a response is still known after a restart', async (t) => {
  const { config, simulator, close } = await prepareHouse()
  const run = async () => {
    const trivium = await compose({ config, env: {} })
    return { trivium, client: new OpenAI({ baseURL: `${trivium.dataUrl}/v1`, apiKey: 'sk-test' }) }
  }
  const before = await run()
  const first = await before.client.responses.create({ model: 'auto', input: PROOF })
  await before.trivium.close()
  const after = await run()
  t.after(async () => {
    await after.trivium.close()
    await close()
  })
  const second = await after.client.responses.create({
    model: 'auto',
    input: LETTER,
    previous_response_id: first.id,
  })
  assert.equal(second.model, 'o1-mini-2024-09-12')
  assert.equal(simulator.calls.length, 2)
})

test('another team cannot continue a response', async (t) => {
  const two = await openHouse(t, {
    settings: {
      teams: { research: { keys: [keyEntry('sk-test')] }, sales: { keys: [keyEntry('sk-sales')] } },
    },
  })
  const research = new OpenAI({ baseURL: two.baseUrl, apiKey: 'sk-test' })
  const sales = new OpenAI({ baseURL: two.baseUrl, apiKey: 'sk-sales' })
  const first = await research.responses.create({ model: 'auto', input: FACT })
  const { id } = first
  const calls = two.simulator.calls.length
  await assert.rejects(sales.responses.create({ model: 'auto', input: FACT, previous_response_id: id }), {
    status: 400,
    code: 'previous_response_not_found',
    param: 'previous_response_id',
  })
  const item = first.output[0]?.id ?? ''
  for (const reference of [{ type: 'item_reference', id: item }, { id: item }]) {
    const input = [reference, { role: 'user', content: FACT }] as OpenAI.Responses.ResponseInput
    await assert.rejects(sales.responses.create({ model: 'auto', input }), {
      code: 'previous_response_not_found',
    })
  }
  assert.equal(two.simulator.calls.length, calls)
})

test('a broken event stream ends in an error that the client raises', async (t) => {
  const broken = await openHouse(t, { upstream: { retries: 0 } })
  for (const kind of ['reset', 'early_end'] as const) {
    broken.simulator.follow(() => ({
      fault: kind === 'reset' ? { kind, when: 'mid_frame' } : { kind },
    }))
    for (const { Client } of MAJORS) {
      const own: OpenAI = new Client({ baseURL: broken.baseUrl, apiKey: 'sk-test' })
      const stream = await own.responses.create({ model: 'auto', input: LETTER, stream: true })
      await assert.rejects(async () => {
        for await (const _ of stream) {
          // Read to the end.
        }
      }, /broke|ended/)
    }
  }
  const rows = await eventually(() => {
    const closed = broken.rows().filter(({ outcome }) => outcome !== null)
    return closed.length === 2 * MAJORS.length ? closed : undefined
  })
  assert.deepEqual(new Set(rows.map(({ outcome }) => outcome)), new Set(['broken']))
})

test('the earlier turns of a follow-up are included in its hold, so that it never overspends', async (t) => {
  const poor = await openHouse(t, {
    team: { budgets: [{ usd: 0.05, per: 'total' }] },
    simulator: { bills: 'most' },
  })
  const own = new OpenAI({ baseURL: poor.baseUrl, apiKey: 'sk-test', maxRetries: 0 })
  let previous: string | undefined
  let refused = 0
  for (let turn = 0; turn < 30 && refused === 0; turn += 1) {
    await own.responses
      .create({
        model: 'auto',
        input: `${LETTER} ${turn}`,
        max_output_tokens: 200,
        previous_response_id: previous ?? null,
      })
      .then(({ id }) => {
        previous = id
      })
      .catch((error: unknown) => {
        assert.ok(error instanceof OpenAI.RateLimitError)
        refused += 1
      })
  }
  assert.equal(refused, 1)
  assert.ok(poor.simulator.billedNanoUsd() <= 50_000_000)
  assert.ok(poor.simulator.billedNanoUsd() > 20_000_000)
})
