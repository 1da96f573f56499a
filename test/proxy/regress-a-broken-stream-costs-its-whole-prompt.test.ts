import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { ask } from '../support/client.ts'
import { openHouse } from '../support/house.ts'
import { chatBody } from '../support/written-upstream.ts'

// The estimate of a stream that broke off used to count the words of its messages only. A client that left
// after the first token got images, files, schemas and the calls of earlier turns for free, again and again.
const house = await openHouse({ after })
house.simulator.follow(() => ({ fault: { kind: 'stall', when: 'mid_stream' } }))

/** One token each, by the vendor's tokenizer. */
const WORDS = 5_000
const words = 'word '.repeat(WORDS)

const image = { type: 'image_url', image_url: { url: 'https://example.com/a.png', detail: 'high' } }
const pdf = { filename: 'a.pdf', file_data: `data:application/pdf;base64,${'A'.repeat(40_000)}` }
const asked = (part: object) => [
  { role: 'user', content: [{ type: 'text', text: 'What is it?' }, part, part] },
]
const disguised = `data:image/png;base64,${'word/'.repeat(WORDS)}`
const tool = { type: 'function', function: { name: 'f' } }
const call = { id: 'a', type: 'function', function: { name: 'f', arguments: JSON.stringify({ words }) } }

/** Parts of a prompt, with a model and the tokens they take at least. */
const PROMPTS: readonly (readonly [what: string, model: string, body: object, tokens: number])[] = [
  // Four of the eight tiles an image of unknown size may have, at 5,667 tokens, and 2,833 for the image itself.
  ['images', 'gpt-4o-mini', { messages: asked(image) }, 2 * (2_833 + 4 * 5_667)],
  // Only the context bounds what a vendor reads from a file.
  ['a file', 'gpt-4o', { messages: asked({ type: 'file', file: pdf }) }, 128_000],
  [
    'a schema',
    'gpt-4o',
    {
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'x', schema: { type: 'object', description: words } },
      },
    },
    WORDS,
  ],
  // Text that looks like image data used to be taken for it, beside tools as beside an image.
  ['words in disguise', 'gpt-4o', { messages: [{ role: 'user', content: disguised }], tools: [tool] }, WORDS],
  [
    'earlier refusals',
    'gpt-4o',
    {
      messages: [
        { role: 'assistant', content: [{ type: 'refusal', refusal: words }] },
        { role: 'user', content: 'Why?' },
      ],
    },
    WORDS,
  ],
  [
    'earlier calls',
    'gpt-4o',
    {
      messages: [
        { role: 'user', content: 'Hello' },
        { role: 'assistant', content: null, tool_calls: [call] },
        { role: 'tool', tool_call_id: 'a', content: 'ok' },
      ],
    },
    WORDS,
  ],
]

for (const [what, model, body, tokens] of PROMPTS) {
  test(`a stream that the client leaves is billed for ${what} in its prompt`, async () => {
    const answer = await ask(house.chatUrl, {
      body: chatBody({ model: `trivium/pin:${model}`, stream: true, ...body }),
    })
    assert.equal(answer.status, 200)
    await answer.until('"content":""')
    answer.abort()
    const row = await house.row(answer.headers['x-request-id'])
    assert.deepEqual([row.outcome, row.usage_source], ['client_left', 'estimated'])
    assert.ok((row.input_tokens ?? 0) >= tokens, `${row.input_tokens} tokens`)
    assert.ok((row.cost_nusd ?? 0) <= row.held_nusd)
  })
}

test('inline image data is not billed as words', async () => {
  const inline = { type: 'image_url', image_url: { url: disguised } }
  const answer = await ask(house.chatUrl, { body: chatBody({ stream: true, messages: asked(inline) }) })
  assert.equal(answer.status, 200)
  await answer.until('"content":""')
  answer.abort()
  const row = await house.row(answer.headers['x-request-id'])
  // Eight tiles of 170 tokens, and 85, for each of the two images.
  assert.ok((row.input_tokens ?? Number.POSITIVE_INFINITY) < 2 * (85 + 8 * 170) + 200, `${row.input_tokens}`)
})
