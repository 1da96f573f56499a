import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cappedForMoney, outputCapOf, REASONING_ROOM } from '../../../src/routing/output-cap.ts'
import { generic, gpt4o, o1Mini } from '../../support/targets.ts'
import { needsOfBody } from './asking.ts'

const prompt = (bytes: number, fields: object = {}) =>
  needsOfBody({ ...fields, messages: [{ role: 'user', content: 'x'.repeat(bytes) }] })

test('leaves a reasoning model room to think before it answers', () => {
  assert.equal(outputCapOf(prompt(9, { max_tokens: 500 }), o1Mini, false), 500 + REASONING_ROOM)
  assert.equal(outputCapOf(prompt(9, { max_completion_tokens: 500 }), o1Mini, true), 500)
  assert.equal(outputCapOf(prompt(9, { max_tokens: 500 }), gpt4o, false), 500)
})

test('under a budget, a cap beside a long prompt is one that surely fits with it', () => {
  const capOf = (bytes: number) => cappedForMoney(prompt(bytes), gpt4o, gpt4o.maxOutput)
  assert.equal(capOf(1_000), gpt4o.maxOutput)
  for (const bytes of [340_000, 350_000, 360_000]) {
    assert.ok(capOf(bytes) < gpt4o.maxOutput)
    assert.ok(capOf(bytes) + bytes / 3 <= gpt4o.context + 100)
  }
  assert.equal(capOf(500_000), 4_096)
})

test('a small context keeps an eighth for the answer', () => {
  const small = { ...generic, context: 8_192, maxOutput: 8_192 }
  assert.equal(cappedForMoney(prompt(24_000), small, 8_192), 1_024)
})

test('the client’s own cap is not touched', () => {
  assert.equal(cappedForMoney(prompt(500_000, { max_tokens: 9_000 }), gpt4o, 9_000), 9_000)
})
