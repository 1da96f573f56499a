import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Absence } from '../../../src/base/availability.ts'
import { type Failure, failureOf } from '../../../src/base/failure.ts'
import { PROMPT_CLASSES } from '../../../src/base/prompt-class.ts'
import type { Target } from '../../../src/base/target.ts'
import { type Decision, decide, type Question } from '../../../src/routing/decide.ts'
import { generic, gpt4o, gpt4oMini, gpt6Luna, o1Mini, o4Mini } from '../../support/targets.ts'
import { needsOfBody } from './asking.ts'

const all = [o1Mini, o4Mini, gpt4o, gpt4oMini, generic]

function question(changes: Partial<Question> & { body?: object } = {}): Question {
  const { body = {}, ...rest } = changes
  return {
    wish: { kind: 'auto' },
    class: 'stem_reasoning',
    needs: needsOfBody(body),
    requestedModel: 'auto',
    routes: {
      stem_reasoning: [o1Mini, o4Mini],
      factual_recall: [gpt4oMini, generic],
      language_heavy: [gpt4o],
    },
    targets: new Map(all.map((target) => [target.model, target])),
    models: undefined,
    mustBePriced: true,
    isPriced: () => true,
    absenceOf: () => undefined,
    isStrained: () => false,
    placesOf: (target) => [target],
    aboutTokens: () => assert.fail('the prompt is short'),
    ...rest,
  }
}

const names = (decision: Decision) => decision.usable.map(({ target }) => target.model)

const reasons = (decision: Decision) =>
  decision.considered.map((each) => `${each.target.model}: ${each.in ? 'in' : each.reason}`)

function refusal(asked: Question): Failure {
  try {
    decide(asked)
  } catch (thrown) {
    return failureOf(thrown)
  }
  return assert.fail('somebody serves')
}

const breaker: Absence = { reason: 'breaker open', retryAfterMs: 4_000 }
const gone: Absence = { reason: 'gone since 2025-10-27', retryAfterMs: undefined }

function absent(absences: Record<string, Absence>) {
  return { absenceOf: (target: Target) => absences[target.model] }
}

test("the class's route serves in its own order", () => {
  assert.deepEqual(names(decide(question())), ['o1-mini', 'o4-mini'])
  assert.deepEqual(names(decide(question({ class: 'factual_recall' }))), ['gpt-4o-mini', 'house-model'])
})

test('a model that cannot serve is excluded, with a reason', () => {
  const tools = { tools: [{ type: 'function' }] }
  assert.deepEqual(reasons(decide(question({ body: tools }))), ['o1-mini: no tools', 'o4-mini: in'])
  assert.deepEqual(reasons(decide(question({ models: new Set(['o4-mini']) }))), [
    "o1-mini: not on the team's list",
    'o4-mini: in',
  ])
  assert.deepEqual(reasons(decide(question({ isPriced: (target) => target !== o1Mini }))), [
    'o1-mini: no price, and a budget applies',
    'o4-mini: in',
  ])
  assert.deepEqual(reasons(decide(question(absent({ 'o1-mini': gone })))), [
    'o1-mini: gone since 2025-10-27',
    'o4-mini: in',
  ])
})

test('a model without a price serves where no budget applies', () => {
  assert.deepEqual(names(decide(question({ mustBePriced: false, isPriced: () => false }))), [
    'o1-mini',
    'o4-mini',
  ])
})

test('a model is excluded if the prompt surely exceeds its context, and goes last if it may', () => {
  const asked = (bytes: number, fields: object = {}) =>
    question({
      body: { messages: [{ role: 'user', content: 'x'.repeat(bytes) }], ...fields },
      aboutTokens: () => bytes / 4,
      mustBePriced: false,
    })
  assert.deepEqual(reasons(decide(asked(1_600_000))), [
    'o1-mini: context 128000 < about 400000 tokens',
    'o4-mini: in',
    'gpt-4o: context 128000 < about 400000 tokens',
    'gpt-4o-mini: context 128000 < about 400000 tokens',
    'house-model: context 32768 < about 400000 tokens',
  ])
  assert.deepEqual(names(decide(asked(500_000))), ['o4-mini', 'o1-mini'])
  assert.deepEqual(names(decide(asked(400_000))), ['o1-mini', 'o4-mini'])
  assert.deepEqual(names(decide(asked(420_000, { max_tokens: 20_000 }))), ['o4-mini', 'o1-mini'])
})

test('if no fit is sure the largest context goes first; if none is possible the refusal says so', () => {
  const asked = (tokens: number) =>
    question({
      body: { messages: [{ role: 'user', content: 'x'.repeat(tokens * 4) }] },
      aboutTokens: () => tokens,
    })
  assert.deepEqual(names(decide(asked(250_000))), ['o4-mini', 'o1-mini', 'gpt-4o', 'gpt-4o-mini'])
  assert.deepEqual(refusal(asked(700_000)), {
    code: 'context_length_exceeded',
    promptTokens: 700_000,
    context: 200_000,
  })
})

test('a model with a doubted capability serves only when no other can', () => {
  const body = { tools: [{ type: 'function' }] }
  const routes = { stem_reasoning: [gpt6Luna], factual_recall: [gpt6Luna], language_heavy: [gpt6Luna, gpt4o] }
  const decision = decide(question({ routes, body }))
  assert.deepEqual(names(decision), ['gpt-4o', 'gpt-6-luna'])
  assert.equal(decision.usable[1]?.doubt, 'tools doubted')
  const alone = { ...routes, language_heavy: [gpt6Luna] }
  assert.deepEqual(names(decide(question({ routes: alone, body }))), ['gpt-6-luna'])
  assert.equal(
    decide(question({ routes: alone, body: { logprobs: true } })).usable[0].doubt,
    'only without reasoning',
  )
  assert.equal(
    decide(question({ routes: alone, body: { logprobs: true, reasoning_effort: 'none' } })).usable[0].doubt,
    undefined,
  )
})

test('requested reasoning is not given up for log probabilities: another model serves, or none', () => {
  const body = { logprobs: true, reasoning_effort: 'high' }
  const routes = { stem_reasoning: [gpt6Luna], factual_recall: [gpt6Luna], language_heavy: [gpt6Luna, gpt4o] }
  assert.deepEqual(names(decide(question({ routes, body }))), ['gpt-4o'])
  const alone = { ...routes, language_heavy: [gpt6Luna] }
  const requestedModel = 'nobody-knows-it'
  assert.equal(refusal(question({ routes: alone, body, requestedModel }))?.code, 'no_capable_model')
  const tools = { tools: [{ type: 'function' }], reasoning_effort: 'high' }
  assert.equal(decide(question({ routes: alone, body: tools })).usable[0].doubt, 'tools doubted')
  assert.equal(
    refusal(question({ routes: alone, body: { ...tools, ...body }, requestedModel }))?.code,
    'no_capable_model',
  )
})

test('a single-purpose model serves nothing else', () => {
  const sound = {
    ...gpt4o,
    model: 'sound',
    onlyFor: ['audio'] as const,
    capabilities: new Set(['audio'] as const),
  }
  const vectors = { ...gpt4o, model: 'vectors', onlyFor: [] }
  const routes = { stem_reasoning: [vectors, sound, gpt4oMini], factual_recall: [], language_heavy: [] }
  assert.deepEqual(reasons(decide(question({ routes }))), [
    'vectors: no chats',
    'sound: only for audio',
    'gpt-4o-mini: in',
  ])
  const spoken = { modalities: ['text', 'audio'], audio: { voice: 'ash', format: 'mp3' } }
  assert.deepEqual(names(decide(question({ routes, body: spoken }))), ['sound'])
})

test('an image in a data URL does not count as a long prompt', () => {
  const image_url = { url: `data:image/png;base64,${'A'.repeat(2_000_000)}` }
  const messages = [{ role: 'user', content: [{ type: 'image_url', image_url }] }]
  assert.deepEqual(names(decide(question({ class: 'language_heavy', body: { messages } }))), ['gpt-4o'])
})

test('when a route has no model left, the language route is tried next, then the remaining one', () => {
  const stop = { stop: 'END' }
  assert.deepEqual(names(decide(question({ body: stop }))), ['gpt-4o'])
  const without = question({ body: stop, ...absent({ 'gpt-4o': breaker }) })
  assert.deepEqual(names(decide(without)), ['gpt-4o-mini', 'house-model'])
  assert.deepEqual(reasons(decide(without)), [
    'o1-mini: no stop',
    'o4-mini: no stop',
    'gpt-4o: breaker open',
    'gpt-4o-mini: in',
    'house-model: in',
  ])
})

test('when no model is capable, the refusal lists every reason and names the field', () => {
  assert.deepEqual(refusal(question({ body: { web_search_options: {} } })), {
    code: 'no_capable_model',
    reasons: ['o1-mini', 'o4-mini', 'gpt-4o', 'gpt-4o-mini', 'house-model'].map(
      (name) => `${name}: no web_search`,
    ),
    param: 'web_search_options',
  })
})

test('a request no model is capable of goes unchanged to the model it names', () => {
  const searching = { body: { web_search_options: {} }, requestedModel: 'gpt-4o' }
  const decision = decide(question(searching))
  assert.deepEqual(names(decision), ['gpt-4o'])
  assert.equal(decision.asAsked, true)
  assert.equal(reasons(decision).at(-1), 'gpt-4o: in')
  const unable = [
    { ...searching, models: new Set(['o1-mini']) },
    { ...searching, isPriced: () => false },
    { ...searching, wish: { kind: 'pin', model: 'o1-mini' } as const },
    { ...searching, requestedModel: 'gpt-nought' },
  ]
  for (const each of unable) assert.equal(refusal(question(each)).code, 'no_capable_model')
})

test('when the models lack different things, the refusal names the first need', () => {
  const routes = { stem_reasoning: [o4Mini], factual_recall: [generic], language_heavy: [o1Mini] }
  const failure = refusal(question({ routes, body: { tools: [{}], stop: 'x' } }))
  assert.deepEqual(failure, {
    code: 'no_capable_model',
    reasons: ['o4-mini: no stop', 'o1-mini: no tools', 'house-model: no tools'],
    param: 'tools',
  })
})

test('a refusal names an unconfigured model that was asked for, unless the team has a list', () => {
  const body = { web_search_options: {} }
  const unlistedOf = (asked: Parameters<typeof question>[0]) => {
    const failure = refusal(question({ body, ...asked }))
    return failure.code === 'no_capable_model' && failure.unlisted
  }
  assert.equal(unlistedOf({ requestedModel: 'gpt-4o-search-preview' }), 'gpt-4o-search-preview')
  for (const requestedModel of ['auto', 'trivium/stem_reasoning']) {
    assert.equal(unlistedOf({ requestedModel }), undefined)
  }
  const models = new Set(['gpt-4o'])
  assert.equal(unlistedOf({ requestedModel: 'gpt-4o-search-preview', models }), undefined)
})

test('when only open breakers prevent an answer, the refusal says when to retry', () => {
  const absences = Object.fromEntries(all.map(({ model }) => [model, breaker]))
  const failure = refusal(question(absent({ ...absences, 'gpt-4o': { ...breaker, retryAfterMs: 900 } })))
  assert.deepEqual(failure, { code: 'upstream_unavailable', target: 'gpt-4o', retryAfterMs: 900 })
})

test('a pinned model serves, or nothing does', () => {
  const wish = { kind: 'pin', model: 'o1-mini' } as const
  assert.deepEqual(names(decide(question({ wish, class: 'language_heavy' }))), ['o1-mini'])
  assert.deepEqual(refusal(question({ wish, body: { stop: 'x' } })), {
    code: 'no_capable_model',
    reasons: ['o1-mini: no stop'],
    param: 'stop',
  })
  assert.deepEqual(refusal(question({ wish, ...absent({ 'o1-mini': gone }) })), {
    code: 'model_not_found',
    model: 'o1-mini',
  })
  assert.equal(refusal(question({ wish, ...absent({ 'o1-mini': breaker }) })).code, 'upstream_unavailable')
  assert.equal(refusal(question({ wish: { kind: 'pin', model: 'nobody' } })).code, 'model_not_found')
})

test('with routing off the model gets the request unchanged, capable or not', () => {
  const wish = { kind: 'off', model: 'o1-mini' } as const
  const decision = decide(question({ wish, body: { stop: 'x' } }))
  assert.deepEqual(names(decision), ['o1-mini'])
  assert.equal(decision.asAsked, true)
  assert.equal(decide(question()).asAsked, false)
  assert.equal(refusal(question({ wish, isPriced: () => false })).code, 'no_capable_model')
})

test('an exhausted team gets the cheapest capable target of all routes first', () => {
  const cost: Record<string, number> = {
    'o1-mini': 5,
    'o4-mini': 4,
    'gpt-4o': 9,
    'gpt-4o-mini': 1,
    'house-model': 0,
  }
  const costOf = (target: Target) => cost[target.model] ?? 0
  const cheapest = { among: PROMPT_CLASSES, costOf, reason: 'cheapest first' }
  assert.equal(decide(question({ cheapest })).reordered, 'cheapest first')
  assert.deepEqual(names(decide(question({ cheapest }))), [
    'house-model',
    'gpt-4o-mini',
    'o4-mini',
    'o1-mini',
    'gpt-4o',
  ])
  assert.deepEqual(names(decide(question({ cheapest, body: { tools: [{}] } }))), [
    'gpt-4o-mini',
    'o4-mini',
    'gpt-4o',
  ])
  assert.deepEqual(names(decide(question({ cheapest, wish: { kind: 'pin', model: 'gpt-4o' } }))), ['gpt-4o'])
})

test('a model listed in several routes is considered once', () => {
  const routes = { stem_reasoning: [o1Mini, gpt4o], factual_recall: [gpt4o], language_heavy: [gpt4o] }
  const failure = refusal(question({ routes, body: { web_search_options: {} } }))
  assert.equal(failure.code === 'no_capable_model' && failure.reasons.length, 2)
})

test('a small cap leaves room to reason, unless the client set it for a reasoning model', () => {
  const caps = (changes: Parameters<typeof question>[0]) =>
    decide(question(changes)).usable.map(({ outputCap }) => outputCap)
  assert.deepEqual(caps({ body: { max_tokens: 500 } }), [25_500, 25_500])
  assert.deepEqual(caps({ body: { max_completion_tokens: 500 } }), [25_500, 25_500])
  assert.deepEqual(caps({ body: { max_completion_tokens: 500 }, requestedModel: 'gpt-4o' }), [25_500, 25_500])
  assert.deepEqual(caps({ body: { max_completion_tokens: 500 }, requestedModel: 'o4-mini' }), [500, 500])
  assert.deepEqual(caps({ body: { max_tokens: 500 }, requestedModel: 'o4-mini' }), [25_500, 25_500])
  assert.deepEqual(caps({ body: { max_tokens: 60_000 } }), [65_536, 85_000])
  assert.deepEqual(caps({ body: { max_tokens: 500 }, class: 'language_heavy' }), [500])
  assert.deepEqual(caps({}), [65_536, 100_000])
  const off = { wish: { kind: 'off', model: 'o1-mini' } } as const
  assert.deepEqual(caps({ ...off, body: { max_tokens: 500 } }), [500])
  const pin = { wish: { kind: 'pin', model: 'o1-mini' } } as const
  assert.deepEqual(caps({ ...pin, body: { max_completion_tokens: 500 } }), [500])
  assert.deepEqual(caps({ ...pin, body: { max_tokens: 500 } }), [25_500])
})
