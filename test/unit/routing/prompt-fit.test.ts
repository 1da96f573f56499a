import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { encode } from 'gpt-tokenizer/encoding/o200k_base'
import type { Target } from '../../../src/base/target.ts'
import { TokenEstimate } from '../../../src/pricing/estimate.ts'
import { type Fit, fitOf } from '../../../src/routing/prompt-fit.ts'
import { gpt4o } from '../../support/targets.ts'
import { needsOfBody } from './asking.ts'

const source = readFileSync(new URL('../../../src/routing/needs.ts', import.meta.url), 'utf8')
const records = Array.from({ length: 300 }, (_, id) => ({
  id,
  name: `Zoë ${id}`,
  score: id / 7,
  tags: ['a'],
}))

/** Typical material of prompts near the context limit, about ten thousand tokens each. */
const TEXTS: Readonly<Record<string, string>> = {
  English: 'Nobody was surprised when the committee answered that it could not be done. '.repeat(600),
  Chinese: '请用简单的语言解释一下量子力学中的不确定性原理，并举一个生活中的例子。'.repeat(400),
  Japanese: '不確定性原理を簡単な言葉で説明し、日常生活の例を挙げてください。'.repeat(450),
  Russian: 'Объясните, пожалуйста, почему небо голубое, и приведите примеры. '.repeat(700),
  Hindi: 'आसमान नीला क्यों होता है, कृपया सरल शब्दों में समझाइए। '.repeat(500),
  code: source.repeat(6),
  JSON: JSON.stringify(records),
  base64: randomBytes(12_000).toString('base64'),
  digits: Array.from({ length: 4_000 }, (_, n) => String(n * 7919)).join(' '),
}

function fitIn(context: number, text: string, answer: number): Fit {
  const target: Target = { ...gpt4o, context }
  const needs = needsOfBody({ messages: [{ role: 'user', content: text }] })
  const prompt = new TokenEstimate(text)
  return fitOf(needs, target, answer, (_, enough) => prompt.within(enough))
}

for (const [name, text] of Object.entries(TEXTS)) {
  test(`${name} fits if it is said to fit, and does not if it is said not to`, () => {
    const tokens = encode(text).length + 8
    const answer = 1_000
    const seen = new Set<Fit>()
    for (let context = 1_000; context < 60_000; context += 250) {
      const fit = fitIn(context, text, answer)
      seen.add(fit)
      if (fit === 'surely') assert.ok(tokens + answer <= context, `${tokens} in ${context}`)
      if (fit === 'no') assert.ok(tokens > context, `${tokens} in ${context}`)
    }
    assert.deepEqual([...seen], ['no', 'perhaps', 'surely'])
    assert.equal(fitIn(tokens * 2 + answer, text, answer), 'surely', 'half the context is enough to be sure')
  })
}

test('text whose bytes fit is not estimated at all', () => {
  const needs = needsOfBody({ messages: [{ role: 'user', content: 'x'.repeat(100_000) }] })
  assert.equal(
    fitOf(needs, gpt4o, 16_384, () => assert.fail('estimated')),
    'surely',
  )
})
