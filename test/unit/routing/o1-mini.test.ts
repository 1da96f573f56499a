import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gpt4o, o1Mini } from '../../support/targets.ts'
import { adaptBytes, bytesOf, isCapable, needsOfBody, parsed } from './asking.ts'
import { o1MiniRefusals } from './o1-mini-rules.ts'

const tool = { type: 'function', function: { name: 'f', parameters: {} } }
const image = { type: 'image_url', image_url: { url: 'https://example.org/x.png' } }
const user = { role: 'user', content: 'hi' }
const call = { id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }

// What clients send, and the `x-trivium-adapted` it leads to when o1-mini serves.
const adapted: [fields: object, changes: string][] = [
  [{}, ''],
  [{ messages: [{ role: 'system', content: 's' }, user] }, 'system->user'],
  [{ messages: [{ role: 'developer', content: 's' }, user] }, 'developer->user'],
  [
    {
      messages: [
        { role: 'system', content: 's' },
        { role: 'system', content: 't' },
        { role: 'developer', content: 's' },
        user,
      ],
    },
    'system->user developer->user',
  ],
  [{ messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }] }, ''],
  [{ tools: [] }, '-tools'],
  [{ tools: null }, '-tools'],
  [{ functions: [] }, '-functions'],
  [{ tool_choice: 'auto' }, '-tool_choice'],
  [{ tool_choice: 'none' }, '-tool_choice'],
  [{ function_call: 'auto' }, '-function_call'],
  [{ parallel_tool_calls: true }, '-parallel_tool_calls'],
  [{ parallel_tool_calls: false }, '-parallel_tool_calls'],
  [{ response_format: { type: 'text' } }, '-response_format'],
  [{ response_format: null }, '-response_format'],
  [{ max_tokens: 500 }, 'max_tokens->max_completion_tokens=25500'],
  [{ max_tokens: 64_000 }, 'max_tokens->max_completion_tokens=65536'],
  [{ max_tokens: null }, '-max_tokens'],
  [{ max_completion_tokens: 500 }, 'max_completion_tokens=25500'],
  [{ max_completion_tokens: 900_000 }, 'max_completion_tokens=65536'],
  [{ max_completion_tokens: 500, max_tokens: 300 }, '-max_tokens max_completion_tokens=25500'],
  [{ temperature: 1 }, '-temperature'],
  [{ temperature: 0.2 }, '-temperature'],
  [{ top_p: 1 }, '-top_p'],
  [{ top_p: 0.5 }, '-top_p'],
  [{ n: 1 }, '-n'],
  [{ presence_penalty: 0 }, '-presence_penalty'],
  [{ presence_penalty: 0.5 }, '-presence_penalty'],
  [{ frequency_penalty: 0 }, '-frequency_penalty'],
  [{ frequency_penalty: -2 }, '-frequency_penalty'],
  [{ logprobs: false }, '-logprobs'],
  [{ top_logprobs: 0 }, '-top_logprobs'],
  [{ stop: null }, '-stop'],
  [{ stop: [] }, '-stop'],
  [{ logit_bias: {} }, ''],
  [{ logit_bias: { 50256: -100 } }, ''],
  [{ reasoning_effort: 'low' }, '-reasoning_effort'],
  [{ prediction: { type: 'content', content: 'x' } }, '-prediction'],
  [{ modalities: ['text'] }, '-modalities'],
  [{ audio: { voice: 'alloy', format: 'wav' } }, '-audio'],
  [{ web_search_options: null }, '-web_search_options'],
  [{ seed: 7, user: 'u', store: true, metadata: { a: 'b' }, service_tier: 'auto' }, ''],
  [{ stream: true, stream_options: { include_usage: true } }, ''],
]

for (const [fields, changes] of adapted) {
  test(`o1-mini accepts ${JSON.stringify(fields)} after: ${changes || 'no change'}`, () => {
    assert.ok(isCapable(o1Mini, needsOfBody(fields)))
    const result = adaptBytes(bytesOf(fields), o1Mini)
    assert.deepEqual(o1MiniRefusals(parsed(result.body)), [])
    assert.equal(result.changes.join(' '), changes)
    assert.equal(parsed(result.body).model, 'o1-mini')
  })
}

const incapable: [fields: object, capability: string, param: string][] = [
  [{ tools: [tool] }, 'tools', 'tools'],
  [{ tools: [tool], tool_choice: 'none' }, 'tools', 'tools'],
  [{ tools: [tool], parallel_tool_calls: false }, 'tools', 'tools'],
  [{ functions: [{ name: 'f' }] }, 'functions', 'functions'],
  [{ messages: [user, { role: 'tool', tool_call_id: 'c', content: 'x' }] }, 'tools', 'messages[1].role'],
  [{ messages: [user, { role: 'function', name: 'f', content: 'x' }] }, 'functions', 'messages[1].role'],
  [
    { messages: [{ role: 'assistant', content: null, tool_calls: [call] }, user] },
    'tools',
    'messages[0].tool_calls',
  ],
  [
    { messages: [{ role: 'assistant', function_call: { name: 'f' } }, user] },
    'functions',
    'messages[0].function_call',
  ],
  [{ response_format: { type: 'json_object' } }, 'json_object', 'response_format'],
  [{ response_format: { type: 'json_schema', json_schema: {} } }, 'json_schema', 'response_format'],
  [{ response_format: { type: 'grammar' } }, 'json_schema', 'response_format'],
  [{ logprobs: true }, 'logprobs', 'logprobs'],
  [{ logprobs: true, top_logprobs: 3 }, 'logprobs', 'logprobs'],
  [{ top_logprobs: 3 }, 'logprobs', 'top_logprobs'],
  [{ stop: 'END' }, 'stop', 'stop'],
  [{ stop: ['END'] }, 'stop', 'stop'],
  [{ n: 2 }, 'n', 'n'],
  [{ messages: [{ role: 'user', content: [image] }] }, 'images', 'messages[0].content[0]'],
  [
    { messages: [{ role: 'user', content: [{ type: 'input_audio', input_audio: { data: 'AA' } }] }] },
    'audio',
    'messages[0].content[0]',
  ],
  [
    { messages: [{ role: 'user', content: [{ type: 'file', file: { file_id: 'f' } }] }] },
    'files',
    'messages[0].content[0]',
  ],
  [{ modalities: ['text', 'audio'], audio: { voice: 'alloy', format: 'wav' } }, 'audio', 'modalities'],
  [{ web_search_options: {} }, 'web_search', 'web_search_options'],
]

for (const [fields, capability, param] of incapable) {
  test(`o1-mini is incapable of ${JSON.stringify(fields)}`, () => {
    const { hard } = needsOfBody(fields)
    const first = hard.find((need) => !o1Mini.capabilities.has(need.capability))
    assert.equal(first?.capability, capability)
    assert.equal(first?.param, param)
  })
}

test('everything o1-mini refuses is adapted in one pass', () => {
  const fields = Object.assign({}, ...adapted.map(([each]) => each))
  const result = adaptBytes(
    bytesOf({ ...fields, messages: [{ role: 'system', content: 's' }, user] }),
    o1Mini,
  )
  assert.deepEqual(o1MiniRefusals(parsed(result.body)), [])
})

test('gpt-4o gets fields unchanged that only o1-mini refuses', () => {
  const foreign = [
    'reasoning_effort',
    'modalities',
    'audio',
    'web_search_options',
    'max_tokens',
    'max_completion_tokens',
  ]
  // Every model refuses these when they have no effect.
  const idle = ['tools', 'functions', 'tool_choice', 'function_call', 'parallel_tool_calls']
  const isKept = (fields: object) => ![...foreign, ...idle].some((field) => field in fields)
  const kept = adapted.filter(([fields]) => isKept(fields))
  assert.ok(kept.length > 20)
  for (const [fields] of kept) {
    const body = bytesOf(fields)
    assert.equal(adaptBytes(body, gpt4o).body, body, JSON.stringify(fields))
  }
})
