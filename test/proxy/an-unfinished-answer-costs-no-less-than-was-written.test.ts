import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { type TestContext, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import { ask } from '../support/client.ts'
import { openHouse } from '../support/house.ts'
import { chatBody, frame, startWritten } from '../support/written-upstream.ts'

const WORDS = [
  'The ',
  'quick ',
  'brown ',
  'fox ',
  'jumps ',
  'over ',
  'électro',
  'encéphalo',
  'gramme ',
  '狐狸 ',
]
const FRAMES = 200
/** Long enough to be worth counting, all of it. */
const PROMPT = 'Tell me all there is to know about foxes, dogs, and what they do to each other. '.repeat(4)

/** Writes frames of one word for each choice in turn, as a model would, and then calls `end`. */
async function write(response: ServerResponse, choices: number, end: (response: ServerResponse) => void) {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  for (let place = 0; place < FRAMES; place += 1) {
    const content = WORDS[place % WORDS.length]
    response.write(frame({ choices: [{ index: place % choices, delta: { content }, finish_reason: null }] }))
    if (place % 50 === 49) await setTimeout(5)
  }
  end(response)
}

const written = countTokens(
  Array.from({ length: FRAMES }, (_, place) => WORDS[place % WORDS.length]).join(''),
)

async function settled(t: TestContext, how: { choices: number; model: string; reset: boolean }) {
  const upstream = await startWritten(t, (response) =>
    write(
      response,
      how.choices,
      ({ socket }) => how.reset && setTimeout(30).then(() => socket?.resetAndDestroy()),
    ),
  )
  const house = await openHouse(t, {
    upstream: { base_url: upstream.baseUrl },
    settings: {
      models: {
        'o1-mini': { shutdown: 'never' },
        unknown: {
          upstream: 'openai',
          context: 128_000,
          max_output: 16_384,
          capabilities: ['stream', 'n', 'max_completion_tokens'],
          price: { input: 2.5, output: 10 },
        },
      },
    },
  })
  const body = chatBody({
    model: `trivium/pin:${how.model}`,
    messages: [{ role: 'user', content: PROMPT }],
    stream: true,
    ...(how.choices > 1 && { n: how.choices }),
  })
  const answer = await ask(house.chatUrl, { body })
  assert.equal(answer.status, 200, answer.text())
  if (!how.reset) {
    let last = -1
    while (last !== answer.arrivals.length) {
      last = answer.arrivals.length
      await setTimeout(50)
    }
    answer.abort()
  }
  return house.row(answer.headers['x-request-id'])
}

for (const reset of [false, true]) {
  const end = reset ? 'that broke off' : 'that was left'
  test(`a stream ${end} costs its prompt, its words and what may have been in transit, not its bound`, async (t) => {
    const row = await settled(t, { choices: 1, model: 'gpt-4o', reset })
    assert.deepEqual([row.outcome, row.usage_source], [reset ? 'broken' : 'client_left', 'estimated'])
    assert.ok(
      (row.input_tokens ?? 0) >= countTokens(PROMPT) && (row.input_tokens ?? 0) < 2 * countTokens(PROMPT),
    )
    const output = row.output_tokens ?? 0
    assert.ok(output >= written + 16 && output < 16_384, `${output} of ${written}`)
    assert.equal(row.cost_nusd, (row.input_tokens ?? 0) * 2_500 + output * 10_000)
  })

  test(`every choice of a stream ${end} counts`, async (t) => {
    const row = await settled(t, { choices: 4, model: 'gpt-4o', reset })
    assert.ok((row.output_tokens ?? 0) >= written + 4 * 16, `${row.output_tokens}`)
    assert.equal(row.usage_source, 'estimated')
  })

  test(`a stream ${end}, of a model with an unknown tokenizer, costs its bytes`, async (t) => {
    const row = await settled(t, { choices: 1, model: 'unknown', reset })
    const bytes = Buffer.byteLength(WORDS.join('')) * (FRAMES / WORDS.length)
    assert.equal(row.usage_source, 'estimated')
    assert.ok((row.input_tokens ?? 0) >= Buffer.byteLength(PROMPT), `${row.input_tokens}`)
    assert.ok((row.output_tokens ?? 0) >= bytes, `${row.output_tokens} of ${bytes}`)
  })

  test(`a stream ${end}, of a reasoning model, costs its bound`, async (t) => {
    const row = await settled(t, { choices: 1, model: 'o1-mini', reset })
    assert.deepEqual([row.usage_source, row.cost_nusd], ['bound', row.held_nusd])
  })
}

for (const stream of [false, true]) {
  test(`a client that leaves before the first byte pays the bound (stream: ${stream})`, async (t) => {
    const asked = Promise.withResolvers<void>()
    const upstream = await startWritten(t, () => asked.resolve())
    const house = await openHouse(t, { upstream: { base_url: upstream.baseUrl } })
    const controller = new AbortController()
    const asking = fetch(house.chatUrl, {
      method: 'POST',
      headers: { authorization: 'Bearer sk-test', 'content-type': 'application/json' },
      body: JSON.stringify(chatBody({ stream, max_tokens: 300 })),
      signal: controller.signal,
    })
    await asked.promise
    controller.abort()
    await assert.rejects(asking)
    const row = await house.row(house.rows().at(-1)?.id)
    assert.deepEqual([row.outcome, row.usage_source, row.cost_nusd], ['client_left', 'bound', row.held_nusd])
  })

  test(`attempts that broke before any answer stay booked on the request (stream: ${stream})`, async (t) => {
    const house = await openHouse(t, { simulator: { bills: 'most' } })
    const content = 'Hello [[sim:reset when=before_headers times=1]]'
    const body = chatBody({ stream, max_tokens: 300, messages: [{ role: 'user', content }] })
    const answer = await ask(house.chatUrl, { body })
    await answer.ended
    const row = await house.row(answer.headers['x-request-id'])
    assert.deepEqual([row.outcome, row.attempts], ['ok', 2])
    assert.equal(house.simulator.calls.length, 2)
    assert.ok((row.cost_nusd ?? 0) >= house.simulator.billedNanoUsd(), `${row.cost_nusd}`)
    assert.ok((row.cost_nusd ?? 0) <= row.held_nusd)
  })
}
