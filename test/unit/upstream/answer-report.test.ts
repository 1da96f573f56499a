import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readAnswer } from '../../../src/upstream/answer-report.ts'

const USAGE = { prompt_tokens: 7, completion_tokens: 5 }
const read = (value: unknown) =>
  readAnswer(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)))

test('reads usage and model wherever they are, and whether there are words', () => {
  const choices = [{ message: { content: 'a "usage": {} in words, \\ and } and ] too', usage: 1 } }]
  for (const answer of [
    { model: 'gpt-4o', choices, usage: USAGE },
    { usage: USAGE, choices, model: 'gpt-4o' },
  ]) {
    const { usage, model, hasWords } = read(answer)
    assert.equal(typeof usage === 'object' && usage.outputTokens, 5)
    assert.deepEqual({ model, hasWords }, { model: 'gpt-4o', hasWords: true })
  }
})

test('skips a byte order mark, as clients do', () => {
  assert.equal(read('\ufeff{"model":"gpt-4o"}').model, 'gpt-4o')
  assert.equal(read('\ufeff{"model":"gpt-4o"').isWhole, false)
})

test('notices that an answer failed', () => {
  assert.equal(read({ status: 'failed', error: { code: 'server_error' }, output: [] }).failed, true)
  assert.equal(read({ status: 'completed', error: null, output: [] }).failed, false)
})

test('takes the last of a repeated member, as parsers do', () => {
  assert.equal(read('{"model":"a","model":"b"}').model, 'b')
})

test('reports nothing for anything but a JSON object, or for members of the wrong type', () => {
  const nothing = { usage: 'unreported', model: undefined, hasWords: false, isWhole: false, failed: false }
  for (const body of [
    '',
    'null',
    '[]',
    '"usage"',
    'oops',
    '{',
    '{"usage":{"prompt_tokens":7',
    '{"model":gpt}',
  ]) {
    assert.deepEqual(read(body), nothing, body)
  }
  assert.deepEqual(read({ model: 7, usage: [], choices: {} }), { ...nothing, isWhole: true })
})

test('a body torn in the middle of a string is not whole, even if its brackets match', () => {
  const torn = '{"id":"c","choices":[{"message":{"content":"wordsdata: {"error":{"message":"oh"}}"}]}'
  const { isWhole, hasWords, usage } = readAnswer(Buffer.from(torn))
  assert.deepEqual({ isWhole, hasWords, usage }, { isWhole: false, hasWords: false, usage: 'unreported' })
})

test('a report without output tokens is invalid for an answer in words, but not for an embedding', () => {
  const usage = { prompt_tokens: 10, total_tokens: 10 }
  assert.equal(read({ choices: [{ message: { content: 'Hello there' } }], usage }).usage, 'unreported')
  assert.equal(read({ output: [{ type: 'message' }], usage }).usage, 'unreported')
  const { usage: embedding } = read({ data: [{ embedding: [0.5] }], usage })
  assert.deepEqual(embedding !== 'unreported' && [embedding.inputTokens, embedding.outputTokens], [10, 0])
})
