import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { membersOf, rootOf } from '../../../src/base/json-span.ts'
import type { Target } from '../../../src/base/target.ts'
import { generic, gpt4o, gpt4oMini, gpt6Luna, o1Mini, o4Mini } from '../../support/targets.ts'
import { adaptBytes, bytesOf, hello, parsed } from './asking.ts'

test('a body that suits its target is passed on as the same buffer', () => {
  const body = bytesOf({ temperature: 0.2, max_tokens: 500, stop: ['x'], stream: true })
  const result = adaptBytes(body, gpt4o)
  assert.equal(result.body, body)
  assert.deepEqual(result.changes, [])
  assert.equal(result.outputCap, 500)
})

test('only the model is replaced; spelling, order, white space and unknown fields stay', () => {
  const source =
    '\n{ "seed":12345678901234567890,"x":1e400, "é\\u00e9":"\\/\\ud800", "mod\\u0065l" : "gpt-4o" ,\t"messages":[{"role":"user","content":"h\\u0069"}],"y":-0.0 }\r\n'
  const { body } = adaptBytes(Buffer.from(source), gpt4oMini)
  assert.equal(body.toString(), source.replace('"gpt-4o"', '"gpt-4o-mini"'))
})

test('the upstream receives its own name for the model', () => {
  assert.equal(parsed(adaptBytes(bytesOf({}), generic).body).model, 'org/house-model-32b')
})

test('a server that knows only system messages gets developer messages as system messages', () => {
  const messages = [{ role: 'developer', content: 'd' }, { role: 'system', content: 's' }, ...hello]
  const result = adaptBytes(bytesOf({ messages }), generic)
  assert.match(
    result.body.toString(),
    /\[\{"role":"system","content":"d"\},\{"role":"system","content":"s"\}/,
  )
  assert.deepEqual(result.changes, ['developer->system'])
})

test('roles are changed in place, however they are spelt', () => {
  const source =
    '{"model":"o1-mini","messages":[ {"content":"{\\"role\\":\\"system\\"}","r\\u006fle":"sys\\u0074em"} ,{"role":"user","role":"system"},{"role":"user"}]}'
  const { body } = adaptBytes(Buffer.from(source), o1Mini)
  assert.equal(
    body.toString(),
    '{"model":"o1-mini","messages":[ {"content":"{\\"role\\":\\"system\\"}","r\\u006fle":"user"} ,{"role":"user"},{"role":"user"}]}',
  )
})

test('the cap is sent in the field the target accepts', () => {
  const older = adaptBytes(bytesOf({ max_completion_tokens: 300 }), generic)
  assert.deepEqual(older.changes, ['max_completion_tokens->max_tokens=300'])
  assert.equal(parsed(older.body).max_tokens, 300)
  assert.equal('max_completion_tokens' in parsed(older.body), false)
  const newer = adaptBytes(bytesOf({ max_tokens: 300 }), o4Mini)
  assert.deepEqual(newer.changes, ['max_tokens->max_completion_tokens=25300'])
  assert.equal(newer.outputCap, 25_300)
})

test('a cap above the output limit of the target is lowered to it', () => {
  const result = adaptBytes(bytesOf({ max_tokens: 20_000 }), gpt4o)
  assert.deepEqual(result.changes, ['max_tokens=16384'])
  assert.equal(result.outputCap, 16_384)
})

test('a tight budget lowers the cap, whether or not the client set one', () => {
  const own = adaptBytes(bytesOf({ max_tokens: 4_000 }), gpt4o, { outputCap: 812 })
  assert.deepEqual(own.changes, ['max_tokens=812'])
  const none = adaptBytes(bytesOf({}), gpt4o, { outputCap: 812 })
  assert.deepEqual(none.changes, ['max_completion_tokens=812'])
  assert.equal(parsed(none.body).max_completion_tokens, 812)
  const nothing = adaptBytes(bytesOf({ max_completion_tokens: null }), gpt4o, { outputCap: 812 })
  assert.equal(parsed(nothing.body).max_completion_tokens, 812)
})

test('a null in the other cap field stays if the target accepts it and is dropped otherwise', () => {
  const body = bytesOf({ max_tokens: null })
  assert.equal(adaptBytes(body, gpt4o).body, body)
  assert.equal('max_tokens' in parsed(adaptBytes(body, o4Mini).body), false)
})

test('no cap above the output limit of the model is sent or used for the hold', () => {
  const body = bytesOf({})
  const result = adaptBytes(body, gpt4o, { outputCap: 99_999 })
  assert.equal(result.body, body)
  assert.equal(result.outputCap, 16_384)
})

test('a cap the client did not set removes a prediction, which upstreams refuse beside it', () => {
  const body = bytesOf({ prediction: { type: 'content', content: 'x' } })
  assert.equal(adaptBytes(body, gpt4o).body, body)
  const lowered = adaptBytes(body, gpt4o, { outputCap: 812 })
  assert.deepEqual(lowered.changes, ['max_completion_tokens=812', '-prediction'])
  assert.equal('prediction' in parsed(lowered.body), false)
  const own = bytesOf({ max_tokens: 4_000, prediction: { type: 'content', content: 'x' } })
  assert.deepEqual(adaptBytes(own, gpt4o, { outputCap: 812 }).changes, ['max_tokens=812'])
})

test('fields without effect, because the field they depend on is missing, are dropped', () => {
  const idle = {
    tools: [],
    tool_choice: 'required',
    parallel_tool_calls: false,
    function_call: 'auto',
    stream_options: { include_usage: true },
  }
  const { body, changes } = adaptBytes(bytesOf(idle), gpt4o)
  assert.deepEqual(Object.keys(parsed(body)), ['model', 'messages'])
  assert.deepEqual(
    changes.toSorted(),
    Object.keys(idle)
      .map((field) => `-${field}`)
      .toSorted(),
  )
  const busy = { tools: [{ type: 'function' }], tool_choice: 'required', parallel_tool_calls: false }
  assert.deepEqual(adaptBytes(bytesOf(busy), gpt4o).changes, [])
  assert.deepEqual(adaptBytes(bytesOf(idle), gpt4o, { asAsked: true }).changes, [])
})

test('an effort becomes one the target knows, and none where tools require that', () => {
  const effort = (target: Target, fields: object) => {
    const { body, changes } = adaptBytes(bytesOf({ model: 'auto', ...fields }), target)
    return [parsed(body).reasoning_effort, changes.join()]
  }
  for (const [asked, said] of [
    ['none', 'low'],
    ['minimal', 'low'],
    ['xhigh', 'high'],
    ['max', 'high'],
  ])
    assert.deepEqual(effort(o4Mini, { reasoning_effort: asked }), [said, `reasoning_effort=${said}`])
  assert.deepEqual(effort(gpt6Luna, { reasoning_effort: 'max' }), ['xhigh', 'reasoning_effort=xhigh'])
  assert.deepEqual(effort(gpt4o, { reasoning_effort: 'low' }), [undefined, '-reasoning_effort'])
  const tools = [{ type: 'function' }]
  for (const fields of [{ tools }, { tools, reasoning_effort: 'high' }])
    assert.deepEqual(effort(gpt6Luna, fields), ['none', 'reasoning_effort=none'])
  assert.deepEqual(effort(gpt6Luna, { tools, reasoning_effort: 'none' }), ['none', ''])
})

test('a target that reasons gets sampling parameters only at effort none', () => {
  const changes = (fields: object) => adaptBytes(bytesOf({ temperature: 0.2, ...fields }), gpt6Luna).changes
  assert.deepEqual(changes({}), ['-temperature'])
  assert.deepEqual(changes({ reasoning_effort: 'low' }), ['-temperature'])
  assert.deepEqual(changes({ reasoning_effort: 'none' }), [])
  const unasked: Target = {
    ...gpt6Luna,
    effort: { values: ['none', 'low'], usual: 'none', atNone: new Set(['sampling']) },
  }
  assert.deepEqual(adaptBytes(bytesOf({ temperature: 0.2 }), unasked).changes, [])
})

test('fields that a target refuses are left out, even those unknown to the program', () => {
  const body = bytesOf({ prompt_cache_retention: '24h', seed: 7 })
  const { body: sent, changes } = adaptBytes(body, gpt6Luna)
  assert.deepEqual([changes, parsed(sent).seed], [['-prompt_cache_retention'], 7])
})

test('a refused mark is removed wherever it appears, and look-alikes stay', () => {
  const marked = (mark: string) =>
    `{"model":"auto","messages":[{"role":"system","content":[{"type":"text","text":"prompt_cache_breakpoint"${mark}}]${mark}},{"role":"user"${mark},"content":"hi"}],"tools":[{"type":"function"${mark},"function":{"parameters":{"properties":{"prompt_cache_breakpoint":{}}}}}]}`
  const target = { ...gpt4o, sentModel: 'auto', refuses: ['prompt_cache_breakpoint'] }
  const body = Buffer.from(marked(', "prompt_cache_breakpoint": {"mode":"explicit"} '))
  const { body: sent, changes } = adaptBytes(body, target)
  assert.deepEqual(JSON.parse(sent.toString()), JSON.parse(marked('')))
  assert.deepEqual(changes, ['-prompt_cache_breakpoint'])
  assert.equal(adaptBytes(body, { ...target, refuses: [] }).body, body)
  assert.equal(adaptBytes(body, target, { asAsked: true }).body, body)
  const renamed = adaptBytes(body, { ...o1Mini, refuses: ['prompt_cache_breakpoint', 'tools'] })
  assert.deepEqual(parsed(renamed.body).tools, undefined)
  assert.deepEqual(renamed.changes, ['system->user', '-tools', '-prompt_cache_breakpoint'])
})

test('an effort that only some models know is sent only to the model it was meant for', () => {
  const effort = (model: string, reasoning_effort: string) =>
    parsed(adaptBytes(bytesOf({ model, reasoning_effort }), o4Mini).body).reasoning_effort
  assert.equal(effort('gpt-5.1', 'none'), 'low')
  assert.equal(effort('gpt-5.1', 'utmost'), undefined)
  assert.equal(effort('o4-mini', 'none'), 'none')
  assert.equal(effort('trivium/pin:o4-mini', 'none'), 'none')
  assert.equal(effort('gpt-5.1', 'high'), 'high')
})

test('a tier priced differently from the hold is not requested, even with routing off', () => {
  for (const asAsked of [true, false]) {
    const { body, changes } = adaptBytes(bytesOf({ service_tier: 'priority' }), gpt4o, { asAsked })
    assert.deepEqual(changes, ['-service_tier'])
    assert.equal('service_tier' in parsed(body), false)
    for (const tier of ['auto', 'default', null]) {
      const standard = bytesOf({ service_tier: tier })
      assert.equal(adaptBytes(standard, gpt4o, { asAsked }).body, standard)
    }
  }
})

test('the standard tier is stated to a model that knows tiers when money depends on it', () => {
  const tiered = { ...gpt4o, capabilities: new Set([...gpt4o.capabilities, 'service_tier' as const]) }
  const state = { stateCap: true }
  for (const tier of [undefined, null, 'auto', 'default']) {
    const { body, changes } = adaptBytes(bytesOf({ service_tier: tier }), tiered, state)
    assert.equal(parsed(body).service_tier, 'default')
    // It may differ from the project's default, so the change is reported.
    assert.deepEqual(changes, tier === 'default' ? [] : ['service_tier=default'])
  }
  const dear = adaptBytes(bytesOf({ service_tier: 'priority' }), tiered, state)
  assert.equal(parsed(dear.body).service_tier, 'default')
  assert.deepEqual(dear.changes, ['service_tier=default'])
  assert.equal('service_tier' in parsed(adaptBytes(bytesOf({}), tiered).body), false)
  assert.equal('service_tier' in parsed(adaptBytes(bytesOf({}), gpt4o, state).body), false)
})

test('no prediction is sent when money depends on it: rejected tokens are billed beyond any cap', () => {
  const prediction = { type: 'content', content: 'x' }
  const { body, changes } = adaptBytes(bytesOf({ max_tokens: 100, prediction }), gpt4o, { stateCap: true })
  assert.equal('prediction' in parsed(body), false)
  assert.deepEqual(changes, ['-prediction'])
})

test('a repeated or escaped field name cannot smuggle a value past the one that was read', () => {
  const source =
    '{"n":128,"model":"a","max_tokens":9000,"mod\\u0065l":"gpt-4o","max_t\\u006fkens":9001,"messages":[{"role":"user"}],"x":1,"x":2,"n":1,"max_tokens":100}'
  const { body, changes, outputCap } = adaptBytes(Buffer.from(source), gpt4o)
  assert.equal(
    body.toString(),
    '{"mod\\u0065l":"gpt-4o","messages":[{"role":"user"}],"x":1,"x":2,"n":1,"max_tokens":100}',
  )
  assert.deepEqual(changes.toSorted(), ['-repeated_max_tokens', '-repeated_model', '-repeated_n'])
  assert.equal(outputCap, 100)
  const moved = adaptBytes(Buffer.from(source), o1Mini, { outputCap: 50 }).body.toString()
  assert.equal(
    moved,
    '{"mod\\u0065l":"o1-mini","messages":[{"role":"user"}],"x":1,"x":2,"max_completion_tokens":50}',
  )
})

test('a cap that money depends on is sent even if it is the maximum', () => {
  const { body, changes, outputCap } = adaptBytes(bytesOf({}), gpt4o, { stateCap: true })
  assert.equal(parsed(body).max_completion_tokens, gpt4o.maxOutput)
  assert.deepEqual(changes, [])
  assert.equal(outputCap, gpt4o.maxOutput)
})

test('look-alikes of a field do not reach parsers that ignore case', () => {
  const body = bytesOf({ max_tokens: 256, Max_Tokens: 16_000, Custom: 1 })
  for (const stateCap of [true, false]) {
    const adapted = adaptBytes(body, gpt4o, { stateCap })
    assert.deepEqual(Object.keys(parsed(adapted.body)), ['model', 'messages', 'max_tokens', 'Custom'])
    assert.deepEqual(adapted.changes, ['-look_alike_max_tokens'])
  }
})

test('a stream is asked for its usage, and a JSON answer is not', () => {
  const usage = (fields: object) => adaptBytes(bytesOf(fields), gpt4o, { askForUsage: true })
  const asked = { stream_options: { include_usage: true } }
  for (const options of [{}, { stream_options: null }, { stream_options: {} }, asked]) {
    const { body, changes } = usage({ stream: true, ...options })
    assert.deepEqual(parsed(body).stream_options, { include_usage: true })
    assert.deepEqual(changes, [])
  }
  const kept = usage({ stream: true, stream_options: { include_obfuscation: false, include_usage: false } })
  assert.deepEqual(parsed(kept.body).stream_options, { include_obfuscation: false, include_usage: true })
  for (const fields of [{}, { stream: false }])
    assert.equal('stream_options' in parsed(usage(fields).body), false)
  const body = bytesOf({ stream: true, ...asked })
  assert.equal(adaptBytes(body, gpt4o, { askForUsage: true }).body, body)
})

test('a server without stream options is not sent any', () => {
  const older: Target = { ...generic, refuses: ['stream_options'] }
  const plain = adaptBytes(bytesOf({ stream: true }), older, { askForUsage: true })
  assert.deepEqual([parsed(plain.body).stream_options, plain.changes], [undefined, []])
  const asked = bytesOf({ stream: true, stream_options: { include_usage: true } })
  assert.deepEqual(adaptBytes(asked, older, { askForUsage: true }).changes, ['-stream_options'])
})

test('a body sent as asked keeps what its model may refuse', () => {
  const messages = [{ role: 'system', content: 's' }, ...hello]
  const body = bytesOf({ model: 'o1-mini', messages, temperature: 0.2, max_tokens: 100 })
  const result = adaptBytes(body, o1Mini, { asAsked: true })
  assert.equal(result.body, body)
})

/** The raw text of the members with these keys, in order. */
function written(body: Buffer, keys: object): string[] {
  return membersOf(body, rootOf(body))
    .filter(({ key }) => key in keys)
    .map(({ keyStart, end }) => body.toString('latin1', keyStart, end))
}

test('everything in a body except the edits keeps its bytes and its value', () => {
  const key = fc.string().filter((each) => each !== '__proto__')
  const unknown = fc.dictionary(
    key.map((each) => `x-${each}`),
    fc.jsonValue(),
    { maxKeys: 6 },
  )
  const known = fc.record(
    {
      temperature: fc.double({ min: 0, max: 2, noNaN: true }),
      top_p: fc.constant(0.5),
      max_tokens: fc.integer({ min: 1, max: 30_000 }),
      stop: fc.constant(null),
      n: fc.constant(1),
      logprobs: fc.constant(false),
      reasoning_effort: fc.constant('low'),
      stream: fc.boolean(),
    },
    { requiredKeys: [] },
  )
  const message = fc.record({
    role: fc.constantFrom('system', 'user'),
    content: fc.string({ unit: 'binary' }),
  })
  const body = fc.tuple(unknown, known, fc.array(message, { minLength: 1 }), fc.constantFrom(0, 1, 2))
  fc.assert(
    fc.property(body, fc.infiniteStream(fc.nat()), ([extra, fields, messages, indent], order) => {
      const members = Object.entries({ model: 'gpt-4o', messages, ...extra, ...fields })
        .map((member) => ({ member, at: order.next().value }))
        .toSorted((a, b) => a.at - b.at)
        .map(({ member }) => member)
      const source = Buffer.from(JSON.stringify(Object.fromEntries(members), null, indent))
      const result = parsed(adaptBytes(source, o1Mini).body)
      const roles = messages.map((each) => ({ ...each, role: 'user' }))
      const cap = fields.max_tokens === undefined ? {} : { max_completion_tokens: fields.max_tokens + 25_000 }
      const stream = fields.stream === undefined ? {} : { stream: fields.stream }
      const expected = JSON.stringify({ model: 'o1-mini', messages: roles, ...extra, ...cap, ...stream })
      assert.deepEqual(result, JSON.parse(expected))
      assert.deepEqual(written(adaptBytes(source, o1Mini).body, extra), written(source, extra))
      const back = adaptBytes(adaptBytes(source, gpt4oMini).body, gpt4o, { outputCap: 16_384 }).body
      if ((fields.max_tokens ?? 0) === 0 && fields.reasoning_effort === undefined) {
        assert.ok(back.equals(source), 'there and back again is byte for byte the same')
      }
    }),
    { numRuns: 400 },
  )
})
