import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fittingCap, outputCapOf, REASONING_ROOM } from '../../../src/routing/output-cap.ts'
import { generic, gpt4o, o1Mini } from '../../support/targets.ts'
import { needsOfBody } from './asking.ts'

const prompt = (bytes: number, fields: object = {}) =>
  needsOfBody({ ...fields, messages: [{ role: 'user', content: 'x'.repeat(bytes) }] })

test('leaves a reasoning model room to think before it answers', () => {
  assert.equal(outputCapOf(prompt(9, { max_tokens: 500 }), o1Mini, false), 500 + REASONING_ROOM)
  assert.equal(outputCapOf(prompt(9, { max_completion_tokens: 500 }), o1Mini, true), 500)
  assert.equal(outputCapOf(prompt(9, { max_tokens: 500 }), gpt4o, false), 500)
})

/** A token estimate for `prompt(bytes)`. */
const quarter = (bytes: number) => () => bytes / 4

test('the cap beside a long prompt surely fits with it, down to a minimum', () => {
  const capOf = (bytes: number) => fittingCap(prompt(bytes), gpt4o, gpt4o.maxOutput, quarter(bytes))
  assert.equal(capOf(1_000), gpt4o.maxOutput)
  assert.equal(capOf(350_000), gpt4o.maxOutput)
  for (const bytes of [400_000, 410_000, 420_000]) {
    assert.ok(capOf(bytes) < gpt4o.maxOutput)
    assert.ok(capOf(bytes) + bytes / 4 <= gpt4o.context)
  }
  assert.equal(capOf(500_000), 4_096)
})

test('a prompt whose bytes leave room for the cap is not estimated', () => {
  const refuse = () => assert.fail('estimated')
  assert.equal(fittingCap(prompt(100_000), gpt4o, 16_384, refuse), 16_384)
})

test('a small context keeps an eighth for the answer', () => {
  const small = { ...generic, context: 8_192, maxOutput: 8_192 }
  assert.equal(fittingCap(prompt(32_000), small, 8_192, quarter(32_000)), 1_024)
})

test('a long prompt shrinks the room for reasoning, but not the client’s own cap', () => {
  assert.equal(fittingCap(prompt(9, { max_tokens: 500 }), o1Mini, 25_500, quarter(9)), 25_500)
  const tight = fittingCap(prompt(400_000, { max_tokens: 500 }), o1Mini, 25_500, quarter(400_000))
  assert.ok(tight > 500 && tight < 25_500)
  assert.equal(fittingCap(prompt(500_000, { max_tokens: 9_000 }), gpt4o, 9_000, quarter(500_000)), 9_000)
})
