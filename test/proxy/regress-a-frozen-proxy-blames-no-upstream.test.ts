import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { askWhole } from '../support/client.ts'
import { prepareHouse } from '../support/house.ts'
import { listening, startServe } from '../support/served-process.ts'
import { chatBody, startWritten } from '../support/written-upstream.ts'

// A process that had been frozen, by its machine or by SIGSTOP, looked at its deadlines before it read what
// had arrived meanwhile: answers that had come in time were upstream_timeout, and their targets were rested.
for (const stream of [false, true]) {
  test(`an answer that arrives while the proxy is frozen is no timeout (stream: ${stream})`, async (t) => {
    const asked = Promise.withResolvers<void>()
    const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 }
    const upstream = await startWritten(t, async (response) => {
      asked.resolve()
      await setTimeout(200)
      if (stream) {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        const choice = { index: 0, delta: { content: 'in time' }, finish_reason: 'stop' }
        response.end(`data: ${JSON.stringify({ choices: [choice], usage })}\n\ndata: [DONE]\n\n`)
      } else {
        const choice = { index: 0, message: { content: 'in time' }, finish_reason: 'stop' }
        response.setHeader('content-type', 'application/json')
        response.end(JSON.stringify({ choices: [choice], usage }))
      }
    })
    const house = await prepareHouse({
      upstream: { base_url: upstream.baseUrl, timeouts: { first_byte: '1s' } },
    })
    t.after(() => house.close())
    const served = startServe(t, ['--config', house.config])
    const url = `${await listening(served)}/chat/completions`
    const answer = askWhole(url, { body: chatBody({ stream }) })
    await asked.promise
    served.child.kill('SIGSTOP')
    await setTimeout(2_000)
    served.child.kill('SIGCONT')
    const { status, text } = await answer
    assert.equal(status, 200, text())
    assert.match(text(), /in time/)
    assert.equal(upstream.count, 1)
  })
}
