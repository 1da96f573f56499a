import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ChatRequest } from '../../../src/simulator/chat-request.ts'
import { MODELS, modelNamed } from '../../../src/simulator/models.ts'
import { piecesOf, tokensOf } from '../../../src/simulator/tokens.ts'
import { promptTokens } from '../../../src/simulator/usage.ts'
import { ask, askWhole } from '../../support/client.ts'
import { startUpstream } from '../../support/simulator-upstream.ts'

const MESSAGES = [{ role: 'user', content: 'What is the capital of Australia?' }]

test('"typical" bills what the answer reports, to the nano-dollar', async (t) => {
  const simulator = await startUpstream(t)
  const body = { model: 'gpt-4o-mini', messages: MESSAGES }
  const { usage } = JSON.parse((await askWhole(`${simulator.baseUrl}/chat/completions`, { body })).text())
  await simulator.idle()
  assert.equal(simulator.billedNanoUsd(), usage.prompt_tokens * 150 + usage.completion_tokens * 600)
  assert.equal(simulator.billedNanoUsd('gpt-4o'), 0)
})

test('"most" bills every byte of the prompt and the whole cap for every answer', async (t) => {
  const simulator = await startUpstream(t, { bills: 'most' })
  const content = 'Où est l’été ?'
  const body = { model: 'gpt-4o', messages: [{ role: 'user', content }], max_tokens: 1000, n: 3 }
  const { usage } = JSON.parse((await askWhole(`${simulator.baseUrl}/chat/completions`, { body })).text())
  assert.equal(usage.prompt_tokens, Buffer.byteLength(content) + 3 + 1 + 3)
  assert.equal(usage.completion_tokens, 3000)
  assert.equal(simulator.billedNanoUsd('gpt-4o'), usage.prompt_tokens * 2500 + 3000 * 10_000)
})

test('"most" bills the maximum output of the model if no cap is sent', async (t) => {
  const simulator = await startUpstream(t, { bills: 'most' })
  const body = { model: 'o1-mini', messages: MESSAGES }
  const { usage } = JSON.parse((await askWhole(`${simulator.baseUrl}/chat/completions`, { body })).text())
  assert.equal(usage.completion_tokens, 65_536)
  assert.ok(usage.completion_tokens_details.reasoning_tokens < 65_536)
})

for (const [bills, sum] of [
  // The tokens of the prompt, those of the answer so far and a few generated ahead.
  ['most', (prompt: number) => prompt * 2500 + (2 + 8) * 10_000],
  ['typical', (prompt: number) => prompt * 2500 + 2 * 10_000],
] as const) {
  test(`"${bills}" bills a stream that its client left after two words by its own rule`, async (t) => {
    const simulator = await startUpstream(t, { bills })
    const content = `${MESSAGES[0]?.content} [[sim:stall when=mid_stream]]`
    const body = { model: 'gpt-4o', messages: [{ role: 'user', content }], max_tokens: 500, stream: true }
    const answer = await ask(`${simulator.baseUrl}/chat/completions`, { body })
    await answer.until('It')
    answer.abort()
    await simulator.idle()
    const [call] = simulator.calls
    assert.equal(call?.ending, 'client_left')
    const model = modelNamed(MODELS, 'gpt-4o')
    assert.ok(model)
    const tokens = promptTokens(ChatRequest.parse(call?.parsed), model, 'typical')
    assert.equal(simulator.billedNanoUsd(), sum(tokens.messages))
    assert.equal(call?.billedNanoUsd, simulator.billedNanoUsd())
  })
}

test('refused requests are not billed', async (t) => {
  const simulator = await startUpstream(t, { bills: 'most' })
  const url = `${simulator.baseUrl}/chat/completions`
  await askWhole(url, { body: { model: 'o1-mini', messages: MESSAGES, max_tokens: 10 } })
  await askWhole(url, {
    headers: { 'x-simulate': 'status code=500' },
    body: { model: 'gpt-4o', messages: MESSAGES },
  })
  await simulator.idle()
  assert.equal(simulator.calls.length, 2)
  assert.equal(simulator.billedNanoUsd(), 0)
})

test('a text has no more tokens than UTF-8 bytes, and its pieces join to the text', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(fc.constantFrom('mot', '为什么', ' ', '\n', '42', '🙂', '$%', 'э'))
      .map((parts) => parts.join('')),
  )
  fc.assert(
    fc.property(text, (sample) => {
      assert.ok(tokensOf(sample) <= Buffer.byteLength(sample))
      assert.equal(piecesOf(sample).join(''), sample)
    }),
  )
})

test('the most a prompt can count is never less than the typical count', () => {
  const model = modelNamed(MODELS, 'gpt-4o-mini')
  assert.ok(model)
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (content, withTool) => {
      const tools = withTool ? [{ type: 'function', function: { name: 'f', description: content } }] : null
      const image = { type: 'image_url', image_url: { url: 'https://example.org/a.png' } }
      const messages = [{ role: 'user', content: [{ type: 'text', text: content }, image] }]
      const request = { model: model.id, messages, tools }
      const typical = promptTokens(request, model, 'typical')
      const most = promptTokens(request, model, 'most')
      assert.ok(typical.messages <= most.messages && typical.functions <= most.functions)
    }),
  )
})
