import assert from 'node:assert/strict'
import { test } from 'node:test'
import { firstInLine, type Routing } from '../../../src/tuning/replay/rerouting.ts'
import { gpt4o, gpt4oMini, o1Mini } from '../../support/targets.ts'

const ROW_AT = Date.UTC(2026, 10, 23)
const line = { at: ROW_AT, team: 'physics', id: 'req_1', input_tokens: 20 }
const needs = { for: [], bytes: 80, messages: 1 }

function roads(shutdownAt: number | undefined): Routing {
  const retiring = { ...o1Mini, shutdownAt }
  return {
    routes: { stem_reasoning: [retiring, gpt4o], factual_recall: [gpt4oMini], language_heavy: [gpt4o] },
    targets: new Map([retiring, gpt4o, gpt4oMini].map((target) => [target.model, target])),
    placesOf: (target) => [target],
    prices: { priceOf: () => undefined },
    modelsOf: () => undefined,
    isBudgeted: () => false,
  }
}

function firstOf(shutdownAt: number | undefined, first: string): string | undefined {
  return firstInLine(roads(shutdownAt), line, 'stem_reasoning', { needs, first })?.model
}

// The routes that ship begin with o1-mini, which OpenAI no longer serves. A replay of unchanged rules said that
// every STEM request would move to it, and what that would save.
test('a replay sends nothing to a model that was retired by the time of the request', () => {
  assert.equal(firstOf(ROW_AT - 1, 'gpt-4o'), 'gpt-4o')
  assert.equal(firstOf(ROW_AT, 'gpt-4o-mini'), 'gpt-4o')
})

test('a replay sends requests to a model until its day comes, and beyond it where the request itself was', () => {
  assert.equal(firstOf(ROW_AT + 1, 'gpt-4o'), 'o1-mini')
  assert.equal(firstOf(undefined, 'gpt-4o'), 'o1-mini')
  assert.equal(firstOf(ROW_AT - 1, 'o1-mini'), 'o1-mini')
})
