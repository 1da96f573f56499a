import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askWhole } from '../support/client.ts'
import { openHouse } from '../support/house.ts'
import { chatBody } from '../support/written-upstream.ts'

// With a prompt that fills most of the context, no cap used to be sent, because prompt and maximum output
// together would have been refused. An upstream that then writes as much as there is room for bills more than
// was held.
const CONTEXT = 128_000

for (const words of [60_000, 70_000, 100_000]) {
  test(`under a budget a prompt of ${words} words is sent with a cap that fits`, async (t) => {
    const house = await openHouse(t)
    const answer = await askWhole(house.chatUrl, {
      body: chatBody({ messages: [{ role: 'user', content: 'word '.repeat(words) }] }),
    })
    assert.equal(answer.status, 200, answer.text())
    const [call] = house.simulator.calls
    const { max_completion_tokens: cap } = Object(call?.parsed)
    assert.ok(cap >= 4_096, `${cap}`)
    assert.ok(words + cap <= CONTEXT, `${cap}`)
    const row = await house.row(answer.headers['x-request-id'])
    // Output costs 10 dollars per million.
    assert.ok(row.held_nusd >= cap * 10_000 + words * 2_500)
    assert.ok((row.cost_nusd ?? Number.POSITIVE_INFINITY) <= row.held_nusd)
  })
}
