import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askWhole } from '../support/client.ts'
import { openHouse } from '../support/house.ts'
import { chatBody, startWritten } from '../support/written-upstream.ts'

// An attempt that is cut off before its answer may have been billed. Its money was booked, but its tokens used to be
// released as soon as a later attempt answered, or none did.
const LIMIT = 100_000
const USED = { prompt_tokens: 8, completion_tokens: 2, total_tokens: 10 }
const ANSWER = JSON.stringify({
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }],
  usage: USED,
})

for (const [then, unheard, used] of [
  ['the next one answers', 1, USED.total_tokens],
  ['no other answers', 2, 0],
] as const) {
  test(`tokens of attempts that may have been billed stay counted when ${then}`, async (t) => {
    const upstream = await startWritten(t, (response, index) => {
      if (index < unheard) response.socket?.destroy()
      else response.writeHead(200, { 'content-type': 'application/json' }).end(ANSWER)
    })
    const house = await openHouse(t, {
      upstream: { base_url: upstream.baseUrl, retries: 1 },
      team: { limits: { tokens_per_minute: LIMIT } },
    })
    const body = chatBody({ max_completion_tokens: 2_000 })
    const first = await askWhole(house.chatUrl, { body })
    // While the retry runs both attempts are counted, or retries together could exceed the limit.
    const held = (LIMIT - Number(first.headers['x-ratelimit-remaining-tokens'])) / 2
    assert.ok(held > 2_000, `${held}`)
    assert.equal((await house.row(first.headers['x-request-id'])).attempts, 2)
    const second = await askWhole(house.chatUrl, { body })
    assert.equal(second.status, 200)
    const left = Number(second.headers['x-ratelimit-remaining-tokens'])
    assert.equal(left, LIMIT - unheard * held - used - held)
  })
}
