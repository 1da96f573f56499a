import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ChatRequest } from '../../../src/routing/chat-request.ts'
import { isPlainChat } from '../../../src/routing/plain-chat.ts'

const anyValue = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(null, '', 'x', 0, 1, -1, 0.5, 1e300, true, [], {}, ['a'], [1], [{ type: 'text' }], {
    type: 'x',
  }),
)
const turn = fc.oneof(
  anyValue,
  fc.record(
    { role: fc.oneof(fc.string(), anyValue), content: anyValue, name: anyValue },
    { requiredKeys: [] },
  ),
)
const plainTurn = fc.record({ role: fc.string(), content: fc.string() })
const fields = Object.keys(ChatRequest.shape)
const body = fc
  .tuple(
    fc.dictionary(fc.oneof(fc.constantFrom(...fields), fc.string()), anyValue, { maxKeys: 6 }),
    fc.record({
      model: fc.string({ minLength: 1 }),
      messages: fc.array(fc.oneof(plainTurn, turn), { minLength: 1, maxLength: 3 }),
    }),
  )
  .map(([some, usual]) => ({ ...usual, ...some }))

test('a body judged plain is valid by the schema, with the same value in each field', () => {
  let plain = 0
  fc.assert(
    fc.property(body, (value) => {
      if (!isPlainChat(value)) return
      plain += 1
      const read = ChatRequest.parse(value)
      for (const field of fields) assert.deepEqual(Reflect.get(value, field), Reflect.get(read, field), field)
    }),
    { numRuns: 5_000 },
  )
  assert.ok(plain > 100, `${plain} of 5,000 were plain`)
})

test('usual requests are plain', () => {
  const usual = { model: 'auto', messages: [{ role: 'user', content: 'Why?' }] }
  assert.ok(isPlainChat(usual))
  assert.ok(isPlainChat({ ...usual, stream: true, temperature: 0.2, max_tokens: 100, user: 'me', seed: 1 }))
  assert.ok(
    isPlainChat({ ...usual, messages: [{ role: 'user', content: [{ type: 'text', text: 'Why?' }] }] }),
  )
})
