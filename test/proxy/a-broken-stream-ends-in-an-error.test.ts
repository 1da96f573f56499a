import assert from 'node:assert/strict'
import { after, afterEach, test } from 'node:test'
import { ask, askWhole, payloads } from '../support/client.ts'
import { openHouse } from '../support/house.ts'
import { MAJORS } from '../support/openai-majors.ts'
import { chatBody } from '../support/written-upstream.ts'

const house = await openHouse({ after }, { upstream: { timeouts: { idle: '400ms' } } })

// A whole answer between two broken ones: several broken ones in a row would open the target's circuit breaker.
afterEach(async () => {
  assert.equal((await askWhole(house.chatUrl, { body: chatBody() })).status, 200)
})

function bodyFor(wish: string, model = 'gpt-4o') {
  const content = `What is the capital of Australia? [[sim:${wish}]]`
  return {
    model: `trivium/pin:${model}`,
    messages: [{ role: 'user' as const, content }],
    stream: true as const,
  }
}

/** What the upstream does in the middle of its stream, and what the client is told. */
const BREAKS = [
  ['reset when=mid_stream', 'upstream_broken'],
  ['reset when=mid_frame', 'upstream_broken'],
  ['early_end', 'upstream_broken'],
  ['stall when=mid_stream', 'upstream_timeout'],
] as const

for (const [wish, code] of BREAKS) {
  for (const { name, Client } of MAJORS) {
    test(`${wish}: ${name} raises an APIError with code ${code}`, async () => {
      const client = new Client({ baseURL: house.baseUrl, apiKey: 'sk-test', maxRetries: 0 })
      const { data, request_id: id } = await client.chat.completions.create(bodyFor(wish)).withResponse()
      let chunks = 0
      const reading = async () => {
        for await (const _ of data) chunks += 1
      }
      await assert.rejects(reading, (error) => {
        assert.ok(error instanceof Client.APIError, String(error))
        assert.equal(error.code, code)
        return true
      })
      assert.ok(chunks >= 2, 'the frames before the break were lost')
      const row = await house.row(id)
      assert.deepEqual([row.outcome, row.error_code, row.status], ['broken', code, 200])
      // What was written can be counted, unlike hidden reasoning.
      assert.equal(row.usage_source, 'estimated')
      assert.ok((row.cost_nusd ?? 0) > 0 && (row.cost_nusd ?? 0) < row.held_nusd)
    })
  }

  test(`${wish}: hidden reasoning of o1-mini is paid at its bound`, async () => {
    const answer = await ask(house.chatUrl, { body: bodyFor(wish, 'o1-mini') })
    assert.equal(await answer.ended, 'whole')
    const row = await house.row(answer.headers['x-request-id'])
    assert.deepEqual([row.outcome, row.usage_source, row.cost_nusd], ['broken', 'bound', row.held_nusd])
  })
}

test('an upstream’s own error frame is not followed by one of ours', async () => {
  const answer = await ask(house.chatUrl, { body: bodyFor('error_frame') })
  assert.equal(await answer.ended, 'whole')
  const errors = payloads(answer.text()).filter((payload) => payload.startsWith('{"error"'))
  assert.equal(errors.length, 1)
  assert.match(errors[0] ?? '', /Sorry about that/)
  assert.equal((await house.row(answer.headers['x-request-id'])).outcome, 'broken')
})

test('a stream that lacks only [DONE] counts as complete', async () => {
  const answer = await ask(house.chatUrl, { body: bodyFor('no_done') })
  assert.equal(await answer.ended, 'whole')
  assert.doesNotMatch(answer.text(), /"error"/)
  const row = await house.row(answer.headers['x-request-id'])
  assert.deepEqual([row.outcome, row.usage_source], ['ok', 'reported'])
})

test('a non-streamed answer that breaks off becomes a 502, since none of it was passed on', async () => {
  for (const wish of ['reset when=mid_stream', 'reset when=mid_frame']) {
    const answer = await askWhole(house.chatUrl, { body: { ...bodyFor(wish), stream: false } })
    assert.equal(answer.status, 502)
    assert.match(answer.text(), /"code": "upstream_broken"/)
    const row = await house.row(answer.headers['x-request-id'])
    assert.deepEqual([row.status, row.error_code, row.usage_source], [502, 'upstream_broken', 'bound'])
  }
})
