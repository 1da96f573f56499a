import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Target } from '../../../src/base/target.ts'
import { adaptResponse, type ResponsesAdaptation } from '../../../src/routing/responses-adapt.ts'
import { needsOfResponse } from '../../../src/routing/responses-needs.ts'
import { readResponsesRequest } from '../../../src/routing/responses-request.ts'
import { gpt4o, gpt6Luna, o1Mini } from '../../support/targets.ts'

const serving: Target = {
  ...gpt4o,
  capabilities: new Set([...gpt4o.capabilities, 'responses', 'response_tools']),
}
const first: Target = { ...o1Mini, capabilities: new Set([...o1Mini.capabilities, 'responses']) }

type Terms = Partial<Pick<ResponsesAdaptation, 'outputCap' | 'stateCap' | 'asAsked'>>

function adaptText(text: string, target: Target, terms: Terms = {}) {
  const body = Buffer.from(text)
  const request = readResponsesRequest(body)
  const needs = needsOfResponse(request, body.length)
  const { outputCap = target.maxOutput, stateCap = false, asAsked = false } = terms
  return adaptResponse({ request, needs, body, target, outputCap, stateCap, asAsked })
}

function adapted(body: object, target: Target, terms: Terms = {}) {
  const { body: bytes, ...rest } = adaptText(JSON.stringify(body), target, terms)
  const sent: unknown = JSON.parse(bytes.toString())
  return { sent, ...rest }
}

test('a body the target accepts is sent byte for byte', () => {
  const text = `{ "model" : "${serving.sentModel}",\n "input":"hi", "instructions": "be brief", "unknown": {"a":[1, 2]} }`
  assert.equal(adaptText(text, serving).body.toString(), text)
})

test('instructions become the first user turn for a target that accepts only user turns', () => {
  const told = { role: 'user', content: 'be "brief"\n' }
  const asked = { role: 'user', content: 'hi' }
  const cases: readonly (readonly [unknown, unknown])[] = [
    ['hi', [told, asked]],
    [[asked], [told, asked]],
    [[], [told]],
    [undefined, [told]],
    [null, [told]],
  ]
  for (const [input, expected] of cases) {
    const { sent, changes } = adapted({ model: 'auto', instructions: 'be "brief"\n', input }, first)
    assert.deepEqual(sent, { model: first.sentModel, input: expected })
    assert.deepEqual(changes, ['instructions->user'])
  }
})

test('roles within the input are renamed in place', () => {
  const input = [
    { type: 'message', role: 'developer', content: 'a' },
    { role: 'user', content: 'b' },
    { role: 'system', content: [{ type: 'input_text', text: 'c' }] },
  ]
  const { sent, changes } = adapted({ model: 'auto', input }, first)
  assert.deepEqual(sent, {
    model: first.sentModel,
    input: [
      { type: 'message', role: 'user', content: 'a' },
      { role: 'user', content: 'b' },
      { role: 'user', content: [{ type: 'input_text', text: 'c' }] },
    ],
  })
  assert.deepEqual(changes, ['developer->user', 'system->user'])
})

test('sampling and reasoning fields are sent only to targets that accept them', () => {
  const body = {
    model: 'auto',
    input: 'hi',
    temperature: 0.2,
    reasoning: { effort: 'low' },
    include: ['reasoning.encrypted_content', 'file_search_call.results'],
  }
  assert.deepEqual(adapted(body, serving).sent, {
    model: serving.sentModel,
    input: 'hi',
    temperature: 0.2,
    include: ['file_search_call.results'],
  })
  assert.deepEqual(adapted(body, first).sent, { model: first.sentModel, input: 'hi', include: body.include })
})

test('an effort becomes one the target knows, and none where a need requires that', () => {
  const sent = (fields: object) => adapted({ model: 'auto', input: 'hi', ...fields }, gpt6Luna)
  const effort = (reasoning: unknown, changes: readonly string[]) => ({
    sent: { model: 'gpt-6-luna', input: 'hi', ...(reasoning === undefined ? {} : { reasoning }) },
    changes,
    outputCap: gpt6Luna.maxOutput,
  })
  assert.deepEqual(
    sent({ reasoning: { effort: 'max', summary: 'auto' } }),
    effort({ effort: 'xhigh', summary: 'auto' }, ['reasoning.effort=xhigh']),
  )
  assert.deepEqual(sent({ reasoning: { effort: 'utmost' } }), effort(undefined, ['-reasoning']))
  for (const reasoning of [undefined, null, {}]) {
    const { sent: asked, changes } = sent({
      top_logprobs: 2,
      ...(reasoning === undefined ? {} : { reasoning }),
    })
    assert.deepEqual(Reflect.get(Object(asked), 'reasoning'), { effort: 'none' })
    assert.deepEqual(changes, ['reasoning.effort=none'])
  }
  assert.deepEqual(sent({ prompt_cache_retention: '24h' }).changes, ['-prompt_cache_retention'])
})

test('verbosity is dropped for a target that refuses it, and other text options stay', () => {
  const target = { ...serving, refuses: ['verbosity'] }
  const sent = (text: unknown, asked: Target = target) => {
    const { sent, changes } = adapted({ model: 'auto', input: 'hi', text }, asked)
    return [Reflect.get(Object(sent), 'text'), changes]
  }
  const format = { type: 'json_object' }
  assert.deepEqual(sent({ verbosity: 'low' }), [undefined, ['-text.verbosity']])
  assert.deepEqual(sent({ verbosity: 'low', format }), [{ format }, ['-text.verbosity']])
  assert.deepEqual(sent({ verbosity: 'low' }, serving), [{ verbosity: 'low' }, []])
  for (const text of [null, {}, { format }]) assert.deepEqual(sent(text), [text, []])
})

test('a refused mark is removed from turns, outputs and tools', () => {
  const marked = (mark: object) => ({
    model: serving.sentModel,
    input: [
      { role: 'user', content: [{ type: 'input_text', text: 'hi', ...mark }] },
      { type: 'function_call_output', call_id: 'c', output: [{ type: 'input_text', text: 'x', ...mark }] },
    ],
    tools: [{ type: 'function', name: 'f', parameters: {}, ...mark }],
  })
  const body = marked({ prompt_cache_breakpoint: { mode: 'explicit' } })
  const { sent, changes } = adapted(body, { ...serving, refuses: ['prompt_cache_breakpoint'] })
  assert.deepEqual(sent, marked({}))
  assert.deepEqual(changes, ['-prompt_cache_breakpoint'])
})

test('null and empty fields are sent unchanged', () => {
  const said = {
    model: 'auto',
    input: 'hi',
    reasoning: null,
    tools: [],
    tool_choice: 'auto',
    temperature: null,
    top_p: null,
    top_logprobs: null,
    parallel_tool_calls: null,
    instructions: null,
    include: [],
  }
  for (const target of [first, serving, gpt6Luna]) {
    assert.deepEqual(adapted(said, target).sent, { ...said, model: target.sentModel })
    assert.deepEqual(adapted(said, target).changes, [])
  }
})

test('empty instructions do not become a turn', () => {
  const body = { model: 'auto', instructions: '', input: 'hi' }
  const { sent, changes } = adapted(body, first)
  assert.deepEqual([sent, changes], [{ model: first.sentModel, input: 'hi' }, ['-instructions']])
  assert.deepEqual(adapted(body, serving).changes, [])
})

test('parallel_tool_calls is dropped without tools', () => {
  for (const parallel of [true, false]) {
    for (const tools of [undefined, []]) {
      const body = { model: 'auto', input: 'hi', parallel_tool_calls: parallel, ...(tools && { tools }) }
      for (const target of [first, serving, gpt6Luna]) {
        const { sent, changes } = adapted(body, target)
        assert.deepEqual(changes, ['-parallel_tool_calls'])
        assert.equal('parallel_tool_calls' in Object(sent), false)
      }
    }
  }
})

test('a cap is sent when money depends on it, and one that is too small is left to the upstream', () => {
  assert.deepEqual(adapted({ model: 'auto', input: 'hi' }, first, { stateCap: true, outputCap: 900 }).sent, {
    model: first.sentModel,
    input: 'hi',
    max_output_tokens: 900,
  })
  const small = adapted({ model: 'auto', input: 'hi', max_output_tokens: 5 }, first, { stateCap: true })
  assert.deepEqual(small.sent, { model: first.sentModel, input: 'hi', max_output_tokens: 5 })
})

test('a repeated field is sent once, as it was read', () => {
  const text = '{"model":"auto","max_output_tokens":16,"input":"hi","max_output_tokens":64}'
  const { body, changes } = adaptText(text, serving, { outputCap: 64 })
  assert.equal(body.toString(), `{"model":"${serving.sentModel}","input":"hi","max_output_tokens":64}`)
  assert.deepEqual(changes, ['-repeated_max_output_tokens'])
})

test('any request is sent as valid JSON that keeps what needed no change', () => {
  const part = fc.record({
    type: fc.constantFrom('input_text', 'output_text'),
    text: fc.string({ unit: 'binary' }),
  })
  const item = fc.record({
    role: fc.constantFrom('user', 'assistant', 'system', 'developer'),
    content: fc.oneof(fc.string({ unit: 'binary' }), fc.array(part, { maxLength: 3 })),
  })
  const request = fc.record(
    {
      model: fc.constantFrom('auto', 'gpt-4o', 'o1-mini'),
      input: fc.oneof(fc.string({ unit: 'binary' }), fc.array(item, { maxLength: 4 })),
      instructions: fc.option(fc.string({ unit: 'binary' })),
      temperature: fc.double({ min: 0, max: 2, noNaN: true }),
      reasoning: fc.option(fc.record({ effort: fc.constantFrom('low', 'xhigh', null) })),
      include: fc.array(fc.constantFrom('reasoning.encrypted_content', 'other')),
      max_output_tokens: fc.integer({ min: 16, max: 200_000 }),
      metadata: fc.jsonValue(),
    },
    { requiredKeys: ['metadata'] },
  )
  fc.assert(
    fc.property(request, fc.constantFrom(serving, first), fc.boolean(), (body, target, stateCap) => {
      const { sent } = adapted(body, target, { stateCap, outputCap: 1000 })
      assert.ok(typeof sent === 'object' && sent !== null && 'model' in sent && 'metadata' in sent)
      assert.equal(sent.model, target.sentModel)
      assert.deepEqual(sent.metadata, JSON.parse(JSON.stringify(body.metadata)))
      if (stateCap) assert.equal(Reflect.get(sent, 'max_output_tokens'), Math.min(1000, target.maxOutput))
    }),
    { numRuns: 300 },
  )
})
