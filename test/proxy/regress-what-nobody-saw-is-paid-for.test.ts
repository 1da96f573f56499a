import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { type TestContext, test } from 'node:test'
import { ask, askWhole } from '../support/client.ts'
import { openHouse, type Settings } from '../support/house.ts'
import { chatBody, frame, startWritten } from '../support/written-upstream.ts'

// Answers used to be booked by their visible words even if most of what was billed was not visible: the turns
// of a response made elsewhere, the rest of one that continues in the background, rejected predictions,
// answers that `best_of` discarded, bytes that could not be decompressed. A client that left early or cut the
// stream got all of that for free.

const CONTEXT = 128_000
const EVENTS = { 'content-type': 'text/event-stream' }
const FREE = { budgets: [] }

const responseOf = (status: string, usage: object | null, id = 'resp_1') => ({
  id,
  object: 'response',
  status,
  model: 'gpt-4o-2024-08-06',
  output: [],
  usage,
})
const event = (type: string, rest: object) => `data: ${JSON.stringify({ type, ...rest })}\n\n`
const created = (id?: string) =>
  event('response.created', { response: responseOf('in_progress', null, id) }) +
  event('response.output_text.delta', { delta: 'Hello' })

/** Asks an upstream that answers with `answer`, leaves once `leaveAt` has arrived, and waits for the row. */
async function settled(
  t: TestContext,
  answer: (response: ServerResponse, index: number) => void,
  asked: { path?: string; body: object; leaveAt?: string; team?: Settings },
) {
  const upstream = await startWritten(t, answer)
  const house = await openHouse(t, {
    upstream: { base_url: upstream.baseUrl },
    ...(asked.team && { team: asked.team }),
  })
  const got = await ask(house.baseUrl + (asked.path ?? '/chat/completions'), { body: asked.body })
  assert.equal(got.status, 200)
  if (asked.leaveAt !== undefined) {
    await got.until(asked.leaveAt)
    got.abort()
  } else await got.ended
  return { house, got, row: await house.row(got.headers['x-request-id']) }
}

const goingOn = (more: object = {}) => ({
  model: 'gpt-4o',
  input: 'go on',
  stream: true,
  max_output_tokens: 100,
  ...more,
})

for (const [end, leaveAt] of [
  ['that was left', 'Hello'],
  ['that broke off', undefined],
] as const) {
  test(`a stream ${end}, continuing an unknown response, costs a whole context, and so does a follow-up’s hold`, async (t) => {
    const { house, row } = await settled(
      t,
      (response, index) => {
        response.writeHead(200, EVENTS).write(created(`resp_${index}`))
        if (leaveAt === undefined) setTimeout(() => response.destroy(), 30)
      },
      {
        path: '/responses',
        body: goingOn({ previous_response_id: 'resp_elsewhere' }),
        ...(leaveAt && { leaveAt }),
      },
    )
    assert.equal(row.usage_source, 'estimated')
    assert.equal(row.input_tokens, CONTEXT)
    assert.ok((row.cost_nusd ?? 0) <= row.held_nusd)
    const next = await ask(`${house.baseUrl}/responses`, {
      body: goingOn({ previous_response_id: 'resp_0' }),
    })
    await next.until('Hello')
    next.abort()
    const followed = await house.row(next.headers['x-request-id'])
    assert.ok(followed.held_nusd >= CONTEXT * 2_500, `${followed.held_nusd}`)
  })
}

test('a follow-up to a response with reported usage holds that instead of a whole context', async (t) => {
  const usage = { input_tokens: 60_000, output_tokens: 10, total_tokens: 60_010 }
  const { house } = await settled(
    t,
    (response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify(responseOf('completed', usage)))
    },
    { path: '/responses', body: goingOn({ stream: false, previous_response_id: 'resp_elsewhere' }) },
  )
  const next = await askWhole(`${house.baseUrl}/responses`, {
    body: goingOn({ stream: false, previous_response_id: 'resp_1' }),
  })
  const { held_nusd: held } = await house.row(next.headers['x-request-id'])
  assert.ok(held >= 60_010 * 2_500 && held < 70_000 * 2_500, `${held}`)
})

test('a background response costs its bound if the client leaves its stream, since it goes on', async (t) => {
  const { row } = await settled(t, (response) => void response.writeHead(200, EVENTS).write(created()), {
    path: '/responses',
    body: goingOn({ background: true }),
    leaveAt: 'Hello',
  })
  assert.deepEqual([row.outcome, row.usage_source, row.cost_nusd], ['client_left', 'bound', row.held_nusd])
})

test('a background response costs what its stream reports once usage has come', async (t) => {
  const usage = { input_tokens: 9, output_tokens: 1, total_tokens: 10 }
  const { row } = await settled(
    t,
    (response) =>
      void response
        .writeHead(200, EVENTS)
        .end(created() + event('response.completed', { response: responseOf('completed', usage) })),
    { path: '/responses', body: goingOn({ background: true }) },
  )
  assert.deepEqual([row.usage_source, row.cost_nusd], ['reported', 9 * 2_500 + 10_000])
})

test('named events separated by carriage returns are read', async (t) => {
  const usage = { input_tokens: 9, output_tokens: 1, total_tokens: 10 }
  const named = (type: string, rest: object) => `event: ${type}\n${event(type, rest)}`
  const stream =
    named('response.created', { response: responseOf('in_progress', null) }) +
    named('response.completed', { response: responseOf('completed', usage) })
  const { row } = await settled(
    t,
    (response) => void response.writeHead(200, EVENTS).end(stream.replaceAll('\n', '\r')),
    { path: '/responses', body: goingOn() },
  )
  assert.deepEqual([row.outcome, row.usage_source], ['ok', 'reported'])
})

test('usage of a response that is still queued is not taken as its cost', async (t) => {
  const usage = { input_tokens: 9, output_tokens: 1, total_tokens: 10 }
  const { row } = await settled(
    t,
    (response) =>
      void response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify(responseOf('queued', usage))),
    { path: '/responses', body: goingOn({ background: true, stream: false }) },
  )
  assert.deepEqual([row.usage_source, row.cost_nusd], ['bound', row.held_nusd])
})

const word = frame({ choices: [{ index: 0, delta: { content: 'Hello' }, finish_reason: null }] })
const PREDICTED = 'word '.repeat(3_000)
const prediction = { type: 'content', content: PREDICTED }

for (const content of [PREDICTED, [{ type: 'text', text: PREDICTED }]]) {
  test(`without usage a prediction is counted as rejected (${typeof content})`, async (t) => {
    const { row } = await settled(t, (response) => void response.writeHead(200, EVENTS).write(word), {
      body: chatBody({ stream: true, prediction: { type: 'content', content } }),
      leaveAt: 'Hello',
      team: FREE,
    })
    assert.equal(row.usage_source, 'estimated')
    assert.ok((row.output_tokens ?? 0) >= 3_000 && (row.output_tokens ?? 0) < 4_000, `${row.output_tokens}`)
  })
}

test('under a budget a prediction is removed, and nothing is held or counted for it', async (t) => {
  const { row, got } = await settled(t, (response) => void response.writeHead(200, EVENTS).write(word), {
    body: chatBody({ stream: true, max_tokens: 2_000, prediction }),
    leaveAt: 'Hello',
  })
  assert.match(String(got.headers['x-trivium-adapted']), /-prediction/)
  assert.ok(row.held_nusd < 2_000 * 10_000 + 400 * 2_500, `${row.held_nusd}`)
  assert.ok((row.output_tokens ?? 2_000) < 1_000, `${row.output_tokens}`)
})

test('a best_of answer without usage costs its bound, since discarded answers are billed', async (t) => {
  const body = { model: 'gpt-3.5-turbo-instruct', prompt: 'a', best_of: 20, max_tokens: 100 }
  const { row } = await settled(
    t,
    (response) =>
      void response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ object: 'text_completion', choices: [{ index: 0, text: ' hi' }] })),
    { path: '/completions', body, team: { endpoints: ['completions'] } },
  )
  assert.deepEqual([row.usage_source, row.cost_nusd], ['bound', row.held_nusd])
  assert.ok(row.held_nusd >= 2_000 * 2_000, `${row.held_nusd}`)
})

for (const encoding of ['br', 'compress']) {
  test(`a stream that cannot be decompressed costs its bound (${encoding})`, async (t) => {
    const { row } = await settled(
      t,
      (response) =>
        void response
          .writeHead(200, { ...EVENTS, 'content-encoding': encoding })
          .end('\xff\x00\xff\x00'.repeat(99), 'latin1'),
      { body: chatBody({ stream: true, max_tokens: 300 }) },
    )
    assert.deepEqual([row.outcome, row.usage_source, row.cost_nusd], ['broken', 'bound', row.held_nusd])
  })
}

const finish = frame({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })
const report = frame({ choices: [], usage: { prompt_tokens: 10, completion_tokens: 600, total_tokens: 610 } })
const COST = 10 * 2_500 + 600 * 10_000

for (const [what, stream, type] of [
  ['in a last frame without its blank line', word + finish + report.trimEnd(), 'text/event-stream'],
  [
    'between lines that end in a carriage return',
    (word + finish + report).replaceAll('\n', '\r'),
    'text/event-stream',
  ],
  // All of it passed for one unfinished frame: the bound was booked, and an error followed the whole answer.
  ['after a comment with another line end', `: hello\r\n\r\n${word}${finish}${report}`, 'text/event-stream'],
  ['in a stream that is called plain text', `${word}${finish}${report}data: [DONE]\n\n`, 'text/plain'],
  ['in a stream that is called JSON', `${word}${finish}${report}data: [DONE]\n\n`, 'application/json'],
] as const) {
  test(`usage ${what} is read, and hidden from a client that did not ask for it`, async (t) => {
    const { row, got } = await settled(
      t,
      (response) => void response.writeHead(200, { 'content-type': type }).end(stream),
      { body: chatBody({ stream: true }) },
    )
    assert.deepEqual([row.outcome, row.usage_source, row.cost_nusd], ['ok', 'reported', COST])
    assert.equal(
      got.text(),
      stream.replace(type === 'text/event-stream' ? /data: \{[^\n\r]*"usage"[^\n\r]*[\n\r]*/ : report, ''),
    )
  })
}
