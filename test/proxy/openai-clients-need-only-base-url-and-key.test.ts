import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type OpenAI from 'openai'
import type { ChatCompletionMessageParam } from 'openai/resources/chat/completions'
import { openHouse } from '../support/house.ts'
import { MAJORS } from '../support/openai-majors.ts'

const QUESTION: ChatCompletionMessageParam = { role: 'user', content: 'What is the capital of Australia?' }
/** With tools even this does not go to o1-mini. */
const STEM = 'trivium/stem_reasoning'
const ASK = { model: 'gpt-4o', messages: [QUESTION] }

const WEATHER = {
  type: 'function' as const,
  function: {
    name: 'get_weather',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
}
const FORMAT = {
  type: 'json_schema' as const,
  json_schema: {
    name: 'place',
    strict: true,
    schema: {
      type: 'object',
      properties: { city: { type: 'string' }, founded: { type: 'integer' } },
      required: ['city', 'founded'],
      additionalProperties: false,
    },
  },
}

const house = await openHouse({ after })

for (const { name, Client } of MAJORS) {
  const client: OpenAI = new Client({ baseURL: house.baseUrl, apiKey: 'sk-test' })

  test(`${name} gets an answer and is told its model, class and cost`, async () => {
    const { data, response, request_id: id } = await client.chat.completions.create(ASK).withResponse()
    assert.match(data.choices[0]?.message.content ?? '', /Canberra/)
    assert.equal(data.model, 'gpt-4o-mini-2024-07-18')
    assert.equal(response.headers.get('x-trivium-class'), 'factual_recall')
    const row = await house.row(id)
    assert.equal(row.outcome, 'ok')
    assert.equal(row.requested_model, 'gpt-4o')
    assert.equal(row.target, 'gpt-4o-mini')
    assert.equal(Number(response.headers.get('x-trivium-cost-usd')), (row.cost_nusd ?? 0) / 1e9)
    assert.equal(row.cost_nusd, house.simulator.calls.at(-1)?.billedNanoUsd)
  })

  test(`${name} reads a stream to its end, and the row is settled`, async () => {
    const { data, request_id: id } = await client.chat.completions
      .create({ ...ASK, stream: true })
      .withResponse()
    let words = ''
    let last: string | null | undefined
    for await (const { choices } of data) {
      words += choices[0]?.delta.content ?? ''
      last = choices[0]?.finish_reason
    }
    assert.match(words, /Canberra/)
    assert.equal(last, 'stop')
    assert.equal((await house.row(id)).cost_nusd, house.simulator.calls.at(-1)?.billedNanoUsd)
  })

  test(`${name} makes a tool call and sends back its result`, async () => {
    const tools = [WEATHER]
    const question: ChatCompletionMessageParam = { role: 'user', content: 'What weather has Lyon?' }
    const first = await client.chat.completions.create({ model: STEM, tools, messages: [question] })
    const message = first.choices[0]?.message
    const [call] = message?.tool_calls ?? []
    assert.ok(message !== undefined && call?.type === 'function')
    assert.equal(call.function.name, 'get_weather')
    const result: ChatCompletionMessageParam = { role: 'tool', tool_call_id: call.id, content: 'sunny' }
    const second = await client.chat.completions.create({
      model: STEM,
      tools,
      messages: [question, message, result],
    })
    assert.equal(second.choices[0]?.finish_reason, 'stop')
    assert.match(second.choices[0]?.message.content ?? '', /sunny/)
  })

  test(`${name} streams a tool call whose arguments come in pieces`, async () => {
    const messages = [{ role: 'user' as const, content: 'What weather has Lyon?' }]
    const stream = await client.chat.completions.create({
      model: 'auto',
      tools: [WEATHER],
      messages,
      stream: true,
    })
    let written = ''
    for await (const { choices } of stream) {
      written += choices[0]?.delta.tool_calls?.[0]?.function?.arguments ?? ''
    }
    assert.deepEqual(Object.keys(JSON.parse(written)), ['city'])
  })

  test(`${name} gets an object that matches its JSON schema`, async () => {
    // The fourth major still has `parse` under `beta`.
    const completions =
      'parse' in client.chat.completions
        ? client.chat.completions
        : Reflect.get(client.beta, 'chat').completions
    const answer = await completions.parse({ ...ASK, response_format: FORMAT })
    const { city, founded } = JSON.parse(answer.choices[0].message.content)
    assert.equal(typeof city, 'string')
    assert.ok(Number.isInteger(founded))
  })

  test(`${name} gets both answers with n = 2, whole and streamed`, async () => {
    const whole = await client.chat.completions.create({ ...ASK, n: 2 })
    assert.deepEqual(
      whole.choices.map(({ index }) => index),
      [0, 1],
    )
    const finished = new Set<number>()
    for await (const { choices } of await client.chat.completions.create({ ...ASK, n: 2, stream: true })) {
      for (const { index, finish_reason } of choices) if (finish_reason === 'stop') finished.add(index)
    }
    assert.deepEqual([...finished], [0, 1])
  })

  test(`${name} hangs up in the middle of a stream, and the row says so`, async () => {
    const headers = { 'x-simulate': 'stall when=mid_stream' }
    const { data, request_id: id } = await client.chat.completions
      .create({ ...ASK, stream: true }, { headers })
      .withResponse()
    let chunks = 0
    for await (const _ of data) {
      chunks += 1
      if (chunks === 2) data.controller.abort()
    }
    assert.equal((await house.row(id)).outcome, 'client_left')
    await house.simulator.idle()
    assert.equal(house.simulator.calls.at(-1)?.ending, 'client_left')
  })

  test(`${name} lists the models and retrieves one`, async () => {
    const ids: string[] = []
    for await (const { id } of client.models.list()) ids.push(id)
    for (const id of ['auto', 'trivium/stem_reasoning', 'o1-mini', 'gpt-4o']) assert.ok(ids.includes(id), id)
    assert.equal((await client.models.retrieve('gpt-4o')).id, 'gpt-4o')
    await assert.rejects(client.models.retrieve('gpt-nought'), Client.NotFoundError)
  })

  test(`${name} raises each refusal and failure as the error class it knows`, async (t) => {
    const failing = await openHouse(t, {
      settings: { server: { listen: '127.0.0.1:0', admin: '127.0.0.1:0', max_body: '10KB' } },
      upstream: { retries: 0, timeouts: { first_byte: '400ms' } },
      team: { models: ['gpt-4o', 'gpt-4o-mini'] },
    })
    const { simulator } = failing
    const raised = async (asking: (client: OpenAI) => Promise<unknown>, key = 'sk-test') => {
      const client = new Client({ baseURL: failing.baseUrl, apiKey: key, maxRetries: 0 })
      const error = await asking(client).then(
        () => assert.fail('it was answered'),
        (thrown: unknown) => thrown,
      )
      assert.ok(error instanceof Client.APIError)
      // The fourth major has another name for the request id.
      assert.ok(error.requestID ?? Reflect.get(error, 'request_id'), 'it has no request id')
      return [error.constructor, error.status, error.code]
    }
    const pinned = (client: OpenAI) => client.chat.completions.create({ ...ASK, model: 'trivium/pin:gpt-4o' })
    assert.deepEqual(await raised(pinned, 'sk-nobody'), [Client.AuthenticationError, 401, 'invalid_api_key'])
    const many = { ...ASK, n: 0 }
    const nobody = { ...ASK, model: 'trivium/pin:gpt-nought' }
    const long = { ...ASK, messages: [{ role: 'user' as const, content: 'x'.repeat(11_000) }] }
    const cases = [
      [many, Client.BadRequestError, 400, 'invalid_request'],
      [nobody, Client.NotFoundError, 404, 'model_not_found'],
      [long, Client.APIError, 413, 'body_too_large'],
    ] as const
    for (const [body, kind, status, code] of cases) {
      assert.deepEqual(await raised((client) => client.chat.completions.create(body)), [kind, status, code])
    }
    simulator.follow(() => ({ fault: { kind: 'reset', when: 'before_headers' } }))
    assert.deepEqual(await raised(pinned), [Client.InternalServerError, 502, 'upstream_broken'])
    simulator.follow(() => ({ fault: { kind: 'stall', when: 'before_headers' } }))
    assert.deepEqual(await raised(pinned), [Client.InternalServerError, 504, 'upstream_timeout'])
    simulator.follow(() => ({ fault: { kind: 'status', code: 500 } }))
    for (let time = 0; time < 3; time += 1) {
      assert.deepEqual(await raised(pinned), [Client.InternalServerError, 500, null])
    }
    assert.deepEqual(await raised(pinned), [Client.InternalServerError, 503, 'upstream_unavailable'])
  })

  test(`${name} is told that its budget is spent and does not retry`, async (t) => {
    const poor = await openHouse(t, { team: { budgets: [{ usd: 0.000000001, per: 'month' }] } })
    let sent = 0
    const counting: typeof fetch = (...request) => {
      sent += 1
      return fetch(...request)
    }
    const client = new Client({ baseURL: poor.baseUrl, apiKey: 'sk-test', fetch: counting })
    await assert.rejects(client.chat.completions.create(ASK), (error) => {
      assert.ok(error instanceof Client.RateLimitError)
      assert.equal(error.code, 'insufficient_quota')
      assert.equal(error.type, 'insufficient_quota')
      return true
    })
    assert.equal(sent, 1)
    assert.equal(poor.simulator.calls.length, 0)
  })
}
