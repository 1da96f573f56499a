import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerText, streamText } from '../../../src/flow/dialect/responses-answer.ts'

const events = (...some: readonly object[]) =>
  some.map((event) => `event: x\ndata: ${JSON.stringify(event)}\n\n`).join('')

const call = (words: string) => ({ type: 'function_call', name: 'look', arguments: words })
const message = (...texts: readonly string[]) => ({
  type: 'message',
  content: texts.map((text) => ({ type: 'output_text', text })),
})

const WORDS = 'The lighthouse was lit at dusk. '
/** As OpenAI streams: each word in a delta, then all of it again, three times. */
const STREAMED = [
  { type: 'response.output_item.added', output_index: 0, item: { type: 'message', content: [] } },
  ...WORDS.split(/(?<=\s)/).map((delta) => ({ type: 'x.delta', output_index: 0, content_index: 0, delta })),
  { type: 'response.output_text.done', output_index: 0, content_index: 0, text: WORDS },
  { type: 'response.output_item.done', output_index: 0, item: message(WORDS) },
  { type: 'response.output_item.added', output_index: 1, item: call('') },
  { type: 'x.delta', output_index: 1, delta: '{"at":' },
  { type: 'x.delta', output_index: 1, delta: '9}' },
  { type: 'response.function_call_arguments.done', output_index: 1, arguments: '{"at":9}' },
  { type: 'response.output_item.done', output_index: 1, item: call('{"at":9}') },
  { type: 'response.completed', response: { output: [message(WORDS), call('{"at":9}')] } },
]

test('what a stream repeats counts once, however its events are cut into pieces', () => {
  const whole = `${WORDS}look{"at":9}`
  assert.equal(streamText()(events(...STREAMED)), whole)
  const read = streamText()
  assert.equal(STREAMED.map((event) => read(events(event))).join(''), whole)
})

test('items that come whole, without deltas, count', () => {
  const read = streamText()
  const done = { type: 'response.output_item.done', output_index: 0, item: call('{"a":1}') }
  assert.equal(read(events({ output_index: 0, item: call('') }, done)).length, 'look{"a":1}'.length)
  assert.equal(read(events(done)), '')
})

test('parts that come whole count, and so does what only the last event tells', () => {
  const read = streamText()
  const part = { type: 'response.function_call_arguments.done', output_index: 0, arguments: '{"a":1}' }
  assert.equal(read(events(part)), '{"a":1}')
  assert.equal(
    read(events({ response: { output: [{ arguments: '{"a":1}' }, message('Yes, ', 'no.')] } })),
    'Yes, no.',
  )
})

test('two parts of one message are told apart', () => {
  const text = (content_index: number, text: string) => ({ output_index: 0, content_index, text })
  assert.equal(
    streamText()(events(text(0, 'one '), text(1, 'two'), { output_index: 0, item: message('one ', 'two') })),
    'one two',
  )
})

test('some events alone tell their deltas, which show the pace', () => {
  assert.equal(answerText(events(...STREAMED)), `${WORDS}{"at":9}`)
})

test('a whole answer tells everything', () => {
  assert.equal(answerText(JSON.stringify({ output: [message('Hi'), call('{}')] })), 'Hilook{}')
})
