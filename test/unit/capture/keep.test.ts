import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Message } from '../../../src/base/message.ts'
import { keepPrompt } from '../../../src/capture/keep.ts'
import { needsAgain } from '../../../src/capture/kept-needs.ts'
import { parseKept } from '../../../src/capture/kept-prompt.ts'
import type { CaptureMode } from '../../../src/capture/mode.ts'
import { compileRedaction } from '../../../src/capture/redaction.ts'
import { readChatRequest } from '../../../src/routing/chat-request.ts'
import { needsOf } from '../../../src/routing/needs.ts'
import { shipped, user } from '../classifier/specimen.ts'
import { secrets } from './secrets.ts'

const classifier = shipped()
const redact = compileRedaction([])

function keep(mode: Exclude<CaptureMode, 'none'>, messages: readonly Message[], more: object = {}) {
  const body = Buffer.from(JSON.stringify({ model: 'auto', messages, ...more }))
  const needs = needsOf(readChatRequest(body), body.length)
  const recording = classifier.record(messages)
  const prompt = keepPrompt(mode, { messages, recording, needs, first: 'gpt-4o', byPrice: false }, redact)
  const kept = parseKept(prompt)
  assert.ok(kept)
  return { prompt, kept, needs }
}

const TURNS = [
  'Who painted the Mona Lisa in the Louvre, and for whom was it painted in the first place?',
  'and when?',
]

test('features contain none of the words of a prompt', () => {
  const { prompt, kept } = keep('features', TURNS.map(user))
  assert.ok(kept.features)
  assert.doesNotMatch(prompt, /Mona|Louvre|when/)
})

test('excerpt keeps the scored text of turns that may be the ask; full keeps every user turn', () => {
  const conversation = [
    ...TURNS.slice(0, 1).map(user),
    { role: 'assistant', content: 'Leonardo.' },
    user('and when?'),
  ]
  assert.deepEqual(
    keep('excerpt', conversation).kept.words?.map(({ text, turnsBack }) => [text, turnsBack]),
    [[TURNS[0], 1]],
  )
  assert.deepEqual(keep('full', conversation).kept.turns, TURNS.toReversed())
})

test('features are kept beside text only where redaction or a size limit changed the text', () => {
  for (const mode of ['excerpt', 'full'] as const) {
    assert.equal(keep(mode, [user(TURNS[0] ?? '')]).kept.features, undefined)
    assert.ok(keep(mode, [user(`${TURNS[0]} Tell me@example.com`)]).kept.features)
  }
  const long = 'What is a harbour? '.repeat(2_000)
  assert.equal(keep('excerpt', [user(long)]).kept.features, undefined)
  assert.ok(keep('full', [user(long)]).kept.features)
  assert.ok((keep('full', [user(long)]).kept.turns?.[0]?.length ?? 0) <= 16_384)
})

test('no part of a secret that straddles the cut of a long text is kept', () => {
  fc.assert(
    fc.property(secrets, fc.integer({ min: -40, max: 40 }), ({ written, core }, shift) => {
      const filler = 'word '.repeat(8_000)
      for (const cut of [8_192, filler.length - 8_192]) {
        const at = cut + shift
        const text = `${filler.slice(0, at)} ${written} ${filler.slice(at)}`
        for (const mode of ['excerpt', 'full'] as const)
          assert.ok(!keep(mode, [user(text)]).prompt.includes(core.length < 6 ? written : core))
      }
    }),
    { numRuns: 60 },
  )
})

test('the needs of a request are kept as far as they influence the choice of a model', () => {
  const { kept, needs } = keep('features', [user('hi')], {
    stream: true,
    n: 3,
    max_tokens: 77,
    tools: [{ type: 'function', function: { name: 'f' } }],
    response_format: { type: 'json_object' },
  })
  const again = needsAgain(kept.needs)
  assert.deepEqual(
    again.hard.map(({ capability }) => capability),
    needs.hard.map(({ capability }) => capability),
  )
  assert.deepEqual([again.cap, again.choices, again.stream], [needs.cap, needs.choices, needs.stream])
  assert.equal(again.size.textBytes, needs.size.textBytes)
})

test('a reasoning effort is kept only if it is a known one', () => {
  assert.equal(keep('features', [user('hi')], { reasoning_effort: 'high' }).kept.needs.effort, 'high')
  const { prompt } = keep('features', [user('hi')], { reasoning_effort: 'sk-abcdefgh' })
  assert.ok(!prompt.includes('sk-abc'))
})

test('text that this program did not write is not read as a kept prompt', () => {
  for (const other of [
    '',
    'free text',
    '{}',
    '{"v":2,"first":"x","needs":{"for":[],"bytes":1,"messages":1}}',
    'null',
  ])
    assert.equal(parseKept(other), undefined)
})
