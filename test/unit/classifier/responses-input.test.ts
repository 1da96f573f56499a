import assert from 'node:assert/strict'
import { test } from 'node:test'
import { messagesOfInput } from '../../../src/classifier/conversation/responses-input.ts'
import { shipped } from './specimen.ts'

const classifier = shipped()
const POEM = 'Write a short poem about autumn leaves'
const PROOF = 'Prove that the square root of 2 is irrational'

const forms: Readonly<Record<string, unknown>> = {
  'a string': POEM,
  'a message with a string': [{ role: 'user', content: POEM }],
  'a message with parts': [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: POEM }] }],
  'instructions as a developer message': [
    { role: 'developer', content: 'You are a mathematician. Prove everything.' },
    { role: 'user', content: POEM },
  ],
  'an image beside the text': [
    {
      role: 'user',
      content: [
        { type: 'input_image', image_url: 'data:image/png;base64,AAAA' },
        { type: 'input_text', text: POEM },
      ],
    },
  ],
  'an agent in the middle of its work': [
    { role: 'user', content: POEM },
    { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'x' },
    { type: 'function_call', call_id: 'c1', name: 'integrate', arguments: '{"f":"x^2"}' },
    { type: 'function_call_output', call_id: 'c1', output: PROOF },
  ],
  'an answer and a follow-up': [
    { role: 'user', content: POEM },
    { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: PROOF, annotations: [] }] },
    { role: 'user', content: [{ type: 'input_text', text: 'shorter please' }] },
  ],
  'a reference to an item': [
    { type: 'item_reference', id: 'msg_1' },
    { role: 'user', content: POEM },
  ],
}

for (const [name, input] of Object.entries(forms)) {
  test(`the person's words are read from ${name}`, () => {
    assert.equal(classifier.classify(messagesOfInput(input)).class, 'language_heavy')
  })
}

test('the newest turn decides, as in a chat', () => {
  const input = [
    { role: 'user', content: POEM },
    { role: 'assistant', content: 'Leaves fall.' },
    { role: 'user', content: PROOF },
  ]
  assert.equal(classifier.classify(messagesOfInput(input)).class, 'stem_reasoning')
})

test('input of an unknown shape has no words, and the classifier abstains', () => {
  for (const input of [
    undefined,
    null,
    7,
    {},
    [],
    [null, 3, { role: 4 }, { role: 'user', content: [null] }],
  ]) {
    assert.equal(classifier.classify(messagesOfInput(input)).cause, 'abstained')
  }
})
