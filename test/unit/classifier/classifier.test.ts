import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Message } from '../../../src/base/message.ts'
import { shipped, user } from './specimen.ts'

const classifier = shipped()
const asks = [
  ['What is 17 * 23?', 'stem_reasoning'],
  ['Résous l’équation 3x + 4 = 19', 'stem_reasoning'],
  ['用Python写一个快速排序函数', 'stem_reasoning'],
  ['Who wrote Moby-Dick?', 'factual_recall'],
  ['En quelle année est mort Victor Hugo ?', 'factual_recall'],
  ['《红楼梦》的作者是谁？', 'factual_recall'],
  ['Write a short poem about autumn leaves', 'language_heavy'],
  ['Traduis cette phrase en anglais : le chat dort sur la table', 'language_heavy'],
  ['写一首关于秋天的诗', 'language_heavy'],
] as const

for (const [text, wanted] of asks) {
  test(`"${text}" is ${wanted}`, () => {
    assert.equal(classifier.classify([user(text)]).class, wanted)
  })
}

test('system prompts, tool results and assistant turns do not affect the verdict', () => {
  const noise: Message[] = [
    { role: 'system', content: 'You are a Python expert. Solve every equation and prove all theorems.' },
    { role: 'developer', content: 'Write poems, translate letters, summarise texts.' },
    { role: 'assistant', content: 'def solve(x): return x ** 2' },
    { role: 'tool', content: 'TypeError: undefined is not a function' },
  ]
  for (const [text] of asks) {
    assert.deepEqual(classifier.classify([...noise, user(text)]), classifier.classify([user(text)]))
  }
})

test('only the text parts of a multimodal turn are read', () => {
  const image = { type: 'image_url', image_url: { url: 'https://example.com/write-a-poem.png' } }
  const verdict = classifier.classify([
    { role: 'user', content: [image, { type: 'text', text: 'Who wrote Moby-Dick?' }] },
  ])
  assert.deepEqual(verdict, classifier.classify([user('Who wrote Moby-Dick?')]))
})

test('only a bounded head and tail of a text of 100,000 characters are scored', () => {
  const { read } = classifier.classify([user('a'.repeat(100_000))]).evidence
  assert.equal(read.of, 100_000)
  assert.ok(read.scored <= 5_461, `${read.scored}: 16 KiB of UTF-8 hold 5,461 Chinese characters`)
})

test('the classifier abstains on a conversation without text', () => {
  for (const messages of [
    [],
    [user('')],
    [{ role: 'user', content: null }],
    [{ role: 'system', content: 'Hi' }],
  ]) {
    const verdict = classifier.classify(messages)
    assert.equal(verdict.cause, 'abstained')
    assert.equal(verdict.class, 'language_heavy')
  }
})

test('a rule that decides is named as the cause', () => {
  assert.equal(classifier.classify([user('61+11=')]).cause, 'rule:bare-arithmetic')
})

test('probabilities sum to one and the confidence is that of the chosen class', () => {
  for (const [text] of asks) {
    const { probabilities, confidence } = classifier.classify([user(text)])
    assert.ok(Math.abs(probabilities[0] + probabilities[1] + probabilities[2] - 1) < 1e-12)
    assert.equal(confidence, Math.max(...probabilities))
  }
})

test('a classifier with a cache gives the same verdicts on first and later calls', () => {
  const remembering = shipped(10_000)
  for (let round = 0; round < 2; round += 1) {
    for (const [text] of asks) {
      assert.deepEqual(remembering.classify([user(text)]), classifier.classify([user(text)]))
    }
  }
})
