import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, askWhole } from '../support/client.ts'
import { KEY, keyEntry, openHouse } from '../support/house.ts'
import { chatBody, startWritten } from '../support/written-upstream.ts'

function asking(content: string): object {
  return { messages: [{ role: 'user', content }] }
}

const REFUSED = /"code": "rate_limit_exceeded"/

test('requests per minute: headers say how many are left, and refusals do not count', async (t) => {
  const house = await openHouse(t, { team: { limits: { requests_per_minute: 2 } } })
  for (const left of ['1', '0']) {
    const answer = await askWhole(house.chatUrl, { body: chatBody() })
    assert.equal(answer.status, 200)
    assert.equal(answer.headers['x-ratelimit-limit-requests'], '2')
    assert.equal(answer.headers['x-ratelimit-remaining-requests'], left)
    assert.match(String(answer.headers['x-ratelimit-reset-requests']), /^(\d+m)?[\d.]+m?s$/)
  }
  for (let time = 0; time < 3; time += 1) {
    const refused = await askWhole(house.chatUrl, { body: chatBody() })
    assert.equal(refused.status, 429)
    assert.match(refused.text(), REFUSED)
    const waitMs = Number(refused.headers['retry-after-ms'])
    assert.ok(waitMs > 0 && waitMs <= 60_000)
    const row = await house.row(refused.headers['x-request-id'])
    assert.deepEqual([row.outcome, row.cost_nusd, row.held_nusd], ['refused', 0, 0])
  }
  assert.equal(house.simulator.calls.length, 2)
})

test('an invalid request does not use up its limit', async (t) => {
  const house = await openHouse(t, { team: { limits: { requests_per_minute: 1, concurrent: 1 } } })
  assert.equal((await askWhole(house.chatUrl, { body: chatBody({ n: 0 }) })).status, 400)
  assert.equal(
    (await askWhole(house.chatUrl, { body: { model: 'trivium/pin:x', messages: [] } })).status,
    400,
  )
  const answer = await askWhole(house.chatUrl, { body: chatBody() })
  assert.deepEqual([answer.status, answer.headers['x-ratelimit-remaining-requests']], [200, '0'])
})

test('concurrent requests: one too many is refused until another has ended, however it ended', async (t) => {
  const house = await openHouse(t, { team: { limits: { concurrent: 2 } } })
  house.simulator.follow(() => ({ fault: { kind: 'pause', when: 'mid_frame' } }))
  const body = chatBody({ stream: true })
  const first = await ask(house.chatUrl, { body })
  const second = await ask(house.chatUrl, { body })
  const refused = await askWhole(house.chatUrl, { body })
  assert.equal(refused.status, 429)
  assert.match(refused.text(), REFUSED)
  assert.ok(Number(refused.headers['retry-after-ms']) > 0)
  house.simulator.release()
  assert.equal(await first.ended, 'whole')
  await house.row(first.headers['x-request-id'])
  const third = await ask(house.chatUrl, { body })
  assert.equal(third.status, 200)
  for (const { abort } of [second, third]) abort()
  for (const { headers } of [second, third]) await house.row(headers['x-request-id'])
  house.simulator.follow(() => undefined)
  assert.equal((await askWhole(house.chatUrl, { body })).status, 200)
})

test('tokens per minute: the worst case is held, actual usage is counted', async (t) => {
  const house = await openHouse(t, { team: { limits: { tokens_per_minute: 3000 } } })
  const body = chatBody({ max_completion_tokens: 2000 })
  const answer = await askWhole(house.chatUrl, { body })
  assert.equal(answer.headers['x-ratelimit-limit-tokens'], '3000')
  const held = 3000 - Number(answer.headers['x-ratelimit-remaining-tokens'])
  assert.ok(held >= 2000 && held < 2200, `${held} tokens were taken`)
  const { input_tokens: input, output_tokens: output } = await house.row(answer.headers['x-request-id'])
  const used = (input ?? Number.NaN) + (output ?? Number.NaN)
  const next = await askWhole(house.chatUrl, { body })
  assert.equal(Number(next.headers['x-ratelimit-remaining-tokens']), 3000 - held - used)
})

test('tokens per minute: little room lowers the cap, and no room refuses the request', async (t) => {
  const house = await openHouse(t, { team: { limits: { tokens_per_minute: 1000 } } })
  house.simulator.follow(() => ({ fault: { kind: 'pause', when: 'mid_frame' } }))
  const first = await ask(house.chatUrl, { body: chatBody({ stream: true }) })
  const cap = Number(/max_completion_tokens=(\d+)/.exec(String(first.headers['x-trivium-adapted']))?.[1])
  assert.ok(cap >= 256 && cap < 1000)
  const refused = await askWhole(house.chatUrl, { body: chatBody() })
  assert.equal(refused.status, 429)
  assert.match(refused.text(), REFUSED)
  house.simulator.release()
  assert.equal(await first.ended, 'whole')
  await house.row(first.headers['x-request-id'])
  house.simulator.follow(() => undefined)
  assert.equal((await askWhole(house.chatUrl, { body: chatBody() })).status, 200)
})

test('tokens per minute: less room than the team’s `min_output` refuses the request', async (t) => {
  const limits = { tokens_per_minute: 10_000 }
  for (const [more, status] of [
    [{}, 200],
    [{ min_output: 2_400 }, 429],
  ] as const) {
    const house = await openHouse(t, { team: { limits, ...more } })
    house.simulator.follow(() => ({ fault: { kind: 'pause', when: 'mid_frame' } }))
    await ask(house.chatUrl, { body: chatBody({ stream: true, max_completion_tokens: 8_000 }) })
    const second = await ask(house.chatUrl, {
      body: chatBody({ stream: true, max_completion_tokens: 4_000 }),
    })
    assert.equal(second.status, status)
    house.simulator.release()
  }
})

test('a prompt larger than the limit is refused without a retry', async (t) => {
  const house = await openHouse(t, { team: { limits: { tokens_per_minute: 50 } } })
  const refused = await askWhole(house.chatUrl, { body: chatBody(asking('Tell me more. '.repeat(50))) })
  assert.equal(refused.status, 429)
  assert.match(refused.text(), /"code": "request_too_large"/)
  assert.equal(refused.headers['x-should-retry'], 'false')
})

test('a key with 100 tokens a minute gets its first request answered and never exceeds its limit', async (t) => {
  const key = keyEntry(KEY, { limits: { tokens_per_minute: 100 } })
  const house = await openHouse(t, { team: { keys: [key], limits: { tokens_per_minute: 100_000 } } })
  const body = chatBody(asking('What is the capital of France? Answer in one sentence, please, and say why.'))
  const first = await askWhole(house.chatUrl, { body })
  assert.equal(first.status, 200, first.text())
  const cap = Number(/max_completion_tokens=(\d+)/.exec(String(first.headers['x-trivium-adapted']))?.[1])
  assert.ok(cap >= 50 && cap < 100, `a cap of ${cap}`)
  await house.row(first.headers['x-request-id'])
  const others = await Promise.all(Array.from({ length: 20 }, () => askWhole(house.chatUrl, { body })))
  for (const { status, text, headers } of others) {
    if (status === 200) continue
    assert.match(text(), REFUSED)
    const waitMs = Number(headers['retry-after-ms'])
    assert.ok(waitMs > 0 && waitMs <= 60_000)
  }
  await Promise.all(others.map(({ headers }) => house.row(headers['x-request-id'])))
  const used = house
    .rows()
    .map(({ input_tokens, output_tokens }) => (input_tokens ?? 0) + (output_tokens ?? 0))
  assert.ok(used.reduce((all, each) => all + each, 0) <= 100, `${used}`)
})

test('a limit too small for reasoning falls to the next model, which does not reason', async (t) => {
  const house = await openHouse(t, { team: { limits: { tokens_per_minute: 600 } } })
  const ask = (model: string, more: object = {}) =>
    askWhole(house.chatUrl, { body: chatBody({ model, ...asking('Prove that 17 is prime.'), ...more }) })
  const first = await ask('trivium/stem_reasoning')
  assert.deepEqual([first.status, first.headers['x-trivium-model']], [200, 'gpt-4o'])
  const pinned = await ask('trivium/pin:o1-mini')
  assert.match(pinned.text(), /"code": "request_too_large"/)
  await house.row(first.headers['x-request-id'])
  const asked = await ask('trivium/pin:o1-mini', { max_completion_tokens: 100 })
  assert.equal(asked.status, 200, 'who says how much it may think is obeyed')
})

test('concurrent long prompts share a minute by their estimated tokens, not their bytes', async (t) => {
  const house = await openHouse(t, { team: { limits: { tokens_per_minute: 40_000 } } })
  house.simulator.follow(() => ({ fault: { kind: 'pause', when: 'mid_frame' } }))
  const body = chatBody({
    ...asking('Tell me more about the long way home. '.repeat(300)),
    max_completion_tokens: 300,
    stream: true,
  })
  const statuses: number[] = []
  for (let time = 0; time < 8; time += 1) statuses.push((await ask(house.chatUrl, { body })).status)
  assert.deepEqual([...new Set(statuses)], [200], '11 kB each were 92,000 tokens by their bytes')
  house.simulator.release()
})

test('tokens a prompt uses beyond its estimate count against the next request', async (t) => {
  const usage = { prompt_tokens: 900, completion_tokens: 2, total_tokens: 902 }
  const message = { role: 'assistant', content: 'Hi' }
  const answer = JSON.stringify({ choices: [{ index: 0, message, finish_reason: 'stop' }], usage })
  const upstream = await startWritten(t, (response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(answer)
  })
  const house = await openHouse(t, {
    upstream: { base_url: upstream.baseUrl },
    team: { limits: { tokens_per_minute: 800 } },
  })
  const body = chatBody(asking('word '.repeat(200)))
  const first = await askWhole(house.chatUrl, { body })
  assert.equal(first.status, 200, first.text())
  await house.row(first.headers['x-request-id'])
  const refused = await askWhole(house.chatUrl, { body: chatBody() })
  assert.match(refused.text(), REFUSED)
  assert.equal(upstream.count, 1)
})
