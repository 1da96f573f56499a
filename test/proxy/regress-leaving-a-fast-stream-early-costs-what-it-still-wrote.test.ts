import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { ask } from '../support/client.ts'
import { openHouse } from '../support/house.ts'
import { chatBody, frame, startWritten } from '../support/written-upstream.ts'

// The pace of an answer was taken over at least a quarter of a second, even of one that had been watched for a
// millisecond: clients that left streams of 200 to 500 tokens a second at their first word were booked a third
// of what their upstream billed.

/** Words a millisecond. */
const FAST = 1
/** How long the upstream goes on after the abort has reached it, unheard. */
const NOTICED_MS = 200

const word = frame({ choices: [{ index: 0, delta: { content: ' word' }, finish_reason: null }] })
const role = frame({
  choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }],
})

/** Writes words until its reader is gone. Returns how many are billed. */
async function writeWords(response: ServerResponse, before: number): Promise<number> {
  let written = before
  while (!response.destroyed) {
    response.write(word)
    written += 1
    await setTimeout(1 / FAST)
  }
  return written + NOTICED_MS * FAST
}

for (const [what, begin] of [
  ['from the start', async () => 0],
  [
    'after a role and comments that kept the connection open',
    async (response: ServerResponse) => {
      response.write(role)
      for (let place = 0; place < 4; place += 1) {
        await setTimeout(100)
        response.write(': waiting\n\n')
      }
      return 0
    },
  ],
  [
    'after a few words and a pause of comments and empty frames',
    async (response: ServerResponse) => {
      response.write(frame({ choices: [{ index: 0, delta: { content: ' slow' }, finish_reason: null }] }))
      for (let place = 0; place < 5; place += 1) {
        await setTimeout(100)
        response.write(place % 2 === 0 ? ': waiting\n\n' : role + frame({ choices: [] }))
      }
      return 1
    },
  ],
  [
    'after a few words and a pause',
    async (response: ServerResponse) => {
      for (let place = 0; place < 5; place += 1) {
        response.write(frame({ choices: [{ index: 0, delta: { content: ' slow' }, finish_reason: null }] }))
        await setTimeout(60)
      }
      await setTimeout(300)
      return 5
    },
  ],
] as const) {
  test(`a fast stream that is left at its first words is booked no lower than it is billed (${what})`, async (t) => {
    const billed = Promise.withResolvers<number>()
    const upstream = await startWritten(t, async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      billed.resolve(await writeWords(response, await begin(response)))
    })
    const house = await openHouse(t, { upstream: { base_url: upstream.baseUrl } })
    const answer = await ask(house.chatUrl, { body: chatBody({ stream: true, max_tokens: 5_000 }) })
    await answer.until(' word')
    answer.abort()
    const row = await house.row(answer.headers['x-request-id'])
    assert.deepEqual([row.outcome, row.usage_source], ['client_left', 'estimated'])
    const output = row.output_tokens ?? 0
    assert.ok(output >= (await billed.promise), `${output} booked of ${await billed.promise}`)
    assert.ok(output < 2_000, `${output}`)
  })
}
