import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import { answerText } from '../../../src/flow/dialect/chat-answer.ts'
import { completionText } from '../../../src/flow/forward/completion-text.ts'
import { SeenStream } from '../../../src/upstream/frames/seen-stream.ts'

const SENTENCES = [
  'The parcel left our warehouse on Tuesday and should arrive before the weekend. ',
  'Kubernetes reschedules evicted pods; misconfigured tolerations, however, keep them pending. ',
  'Der Fluss trat über die Ufer, weshalb die Straßenbahn heute nicht verkehrt. ',
]

const frame = (delta: object) => JSON.stringify({ choices: [{ delta }] })

test('collects what the model wrote, with or without a space after "data:"', () => {
  const stream = [
    `data: ${frame({ role: 'assistant', content: 'Hel' })}`,
    `data:${frame({ content: 'lo', obfuscation: 'xyz' })}`,
    `data: ${frame({ tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } }] })}`,
    'data: [DONE]',
    'data: {"choices":[{"del',
  ]
  assert.equal(answerText(stream.join('\n\n')), 'Hellof{}')
})

test('a line separator within a frame does not split it', () => {
  assert.equal(answerText(`data: ${frame({ content: 'a\u2028b' })}\n\n`), 'a\u2028b')
})

test('reads whole answers too', () => {
  assert.equal(answerText(JSON.stringify({ choices: [{ message: { content: 'Hi' } }] }, null, 2)), 'Hi')
})

test('arguments that a server sends parsed count with their names and numbers', () => {
  const call = { function: { name: 'f', arguments: { rows: [1_234_567, 89], deep: { on: true, no: null } } } }
  const text = answerText(JSON.stringify({ choices: [{ message: { tool_calls: [call] } }] }))
  for (const part of ['f', 'rows', '1234567', '89', 'deep', 'on', 'true'])
    assert.ok(text.includes(part), part)
})

test('hostile nesting is not followed until the stack overflows', () => {
  const nested = `${'{"a":'.repeat(20_000)}"x"${'}'.repeat(20_000)}`
  assert.equal(answerText(`{"choices":[{"delta":${nested}}]}`), '')
  assert.ok(answerText(`{"choices":[{"delta":{"arguments":${nested}}}]}`).length < 1_000)
})

test('a truncated frame counts up to wherever it was cut', () => {
  const whole = `data: ${frame({ content: 'Hello', role: 'assistant' })}`
  const [start, end] = [whole.indexOf('Hello'), whole.indexOf('Hello') + 5]
  for (let cut = 1; cut <= whole.length; cut += 1) {
    assert.equal(answerText(whole.slice(0, cut)), 'Hello'.slice(0, Math.max(0, Math.min(cut, end) - start)))
  }
})

for (const [kind, textOf, piece] of [
  ['a chat', answerText, (content: string) => ({ delta: { content } })],
  ['legacy completions', completionText, (text: string) => ({ text })],
] as const) {
  test(`interleaved choices of ${kind} count no fewer tokens than the choices one by one`, () => {
    const texts = SENTENCES.map((sentence) => sentence.repeat(60))
    const seen = new SeenStream(textOf)
    for (let at = 0; at < Math.max(...texts.map(({ length }) => length)); at += 7) {
      texts.forEach((text, index) => {
        const choices = [{ index, ...piece(text.slice(at, at + 7)) }]
        seen.keep(Buffer.from(`data: ${JSON.stringify({ choices })}\n\n`))
      })
    }
    const alone = texts.reduce((sum, text) => sum + countTokens(text), 0)
    const counted = countTokens(seen.words().text)
    assert.ok(counted >= alone, `${counted} < ${alone}`)
    assert.ok(counted <= alone * 1.1, `${counted} > ${alone}`)
  })
}
