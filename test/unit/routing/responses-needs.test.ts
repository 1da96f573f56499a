import assert from 'node:assert/strict'
import { test } from 'node:test'
import { failureOf } from '../../../src/base/failure.ts'
import { nameOfSealed } from '../../../src/base/sealed.ts'
import { needsOfResponse } from '../../../src/routing/responses-needs.ts'
import { readResponsesRequest } from '../../../src/routing/responses-request.ts'

function needs(body: object) {
  const bytes = Buffer.from(JSON.stringify({ model: 'auto', ...body }))
  return { ...needsOfResponse(readResponsesRequest(bytes), bytes.length), bytes: bytes.length }
}

function wanted(body: object): readonly string[] {
  return needs(body).hard.map(({ capability, param }) => `${capability} ${param}`)
}

const HI = { input: 'hi' }
const SERVED = 'responses model'

test('each need is reported with the field that requires it', () => {
  const cases: readonly (readonly [object, readonly string[]])[] = [
    [HI, []],
    [{ ...HI, stream: true }, ['stream stream']],
    [{ ...HI, tools: [{ type: 'function', name: 'f' }] }, ['response_tools tools']],
    [{ ...HI, tools: [] }, []],
    [{ ...HI, text: { format: { type: 'text' } } }, []],
    [{ ...HI, text: { format: { type: 'json_object' } } }, ['json_object text.format']],
    [
      { ...HI, text: { format: { type: 'json_schema', name: 's', schema: {} } } },
      ['json_schema text.format'],
    ],
    [{ ...HI, top_logprobs: 2 }, ['logprobs top_logprobs']],
    [{ ...HI, include: ['message.output_text.logprobs'] }, ['logprobs include']],
    [
      { input: [{ role: 'user', content: [{ type: 'input_image', image_url: 'https://a/b.png' }] }] },
      ['images input[0].content[0]'],
    ],
    [
      { input: [{ role: 'user', content: [{ type: 'input_file', file_id: 'file-1' }] }] },
      ['files input[0].content[0]'],
    ],
    [
      { input: [{ type: 'function_call_output', call_id: 'c', output: 'sunny' }] },
      ['response_tools input[0].type'],
    ],
  ]
  for (const [body, expected] of cases) assert.deepEqual(wanted(body), [SERVED, ...expected])
})

test('a request has upstream state only if it refers to something kept upstream', () => {
  const thoughts = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAA' }
  assert.equal(needs(HI).state, undefined)
  assert.equal(
    needs({ ...HI, tools: [{ type: 'function' }, { type: 'custom' }], store: true }).state,
    undefined,
  )
  assert.deepEqual(needs({ ...HI, previous_response_id: 'resp_1' }).state, {
    ids: ['resp_1'],
    previous: 'resp_1',
    unseen: false,
  })
  assert.deepEqual(needs({ input: [thoughts] }).state, {
    ids: [nameOfSealed('gAAA'), 'rs_1'],
    previous: undefined,
    unseen: false,
  })
  assert.deepEqual(needs({ ...HI, previous_response_id: ' resp_1' }).state?.ids, [' resp_1', 'resp_1'])
  for (const body of [
    { ...HI, conversation: 'conv_1' },
    { ...HI, conversation: { id: 'conv_1' } },
    { ...HI, prompt: { id: 'pmpt_1' } },
    { ...HI, tools: [{ type: 'web_search' }] },
    { input: [{ type: 'item_reference', id: 'msg_1' }] },
    { input: [{ id: 'msg_1' }] },
    { input: [{ type: 'image_generation_call', id: 'ig_1' }] },
    { input: [{ type: 'image_generation_call', id: 'ig_1', result: null }] },
    {
      input: [
        { type: null, id: 'rs_1' },
        { role: 'user', content: 'hi' },
      ],
    },
    { input: [{ ...thoughts, encrypted_content: undefined }] },
  ]) {
    const { state, size } = needs(body)
    assert.equal(state?.unseen, true)
    assert.equal(size.unbounded, true)
  }
  assert.deepEqual(needs({ input: [{ type: 'image_generation_call', id: 'ig_1' }] }).state?.ids, ['ig_1'])
  const picture = { type: 'image_generation_call', id: 'ig_1', result: 'iVBORw0KGgo=' }
  assert.equal(needs({ input: [picture] }).state, undefined)
  assert.notEqual(needs({ ...HI, background: true }).state, undefined)
  assert.equal(needs({ ...HI, previous_response_id: null, conversation: null }).state, undefined)
})

test('referenced ids are listed once each, and more than 4,096 are refused', () => {
  const input = (count: number) => ({
    input: Array.from({ length: count }, (_, index) => ({ type: 'item_reference', id: `msg_${index}` })),
  })
  assert.equal(needs(input(4096)).state?.ids.length, 4096)
  assert.throws(
    () => needs(input(4097)),
    (error: unknown) => failureOf(error).code === 'invalid_request',
  )
  const same = Array(5000).fill({ type: 'item_reference', id: 'msg_1' })
  assert.deepEqual(needs({ input: same }).state?.ids, ['msg_1'])
})

test('tools in an input item count as tools of the request', () => {
  const brought = (tool: object) => ({
    input: [{ type: 'additional_tools', role: 'developer', tools: [tool, { name: 'of a server' }] }],
    parallel_tool_calls: false,
  })
  const own = needs(brought({ type: 'function', name: 'f' }))
  const capabilities = own.hard.map(({ capability }) => capability)
  assert.deepEqual(capabilities, ['responses', 'response_tools', 'parallel_tool_calls'])
  assert.deepEqual([own.idle, own.state, own.size.readings], [[], undefined, 1])
  const hosted = needs(brought({ type: 'web_search' }))
  assert.deepEqual([hosted.state?.unseen, hosted.size.readings], [true, 9])
  const many = needs({ input: [{ tools: Array(200_000).fill({ type: 'web_search' }) }] })
  assert.equal(many.size.readings, 9)
})

test('the text bound is the whole body without the data of images and files', () => {
  const url = `data:image/png;base64,${'A'.repeat(4000)}`
  const image = needs({ input: [{ role: 'user', content: [{ type: 'input_image', image_url: url }] }] })
  assert.equal(image.size.textBytes, image.bytes - url.length)
  assert.equal(image.size.images.length, 1)
  assert.equal(image.size.unbounded, false)
  const file = needs({ input: [{ role: 'user', content: [{ type: 'input_file', file_data: url }] }] })
  assert.equal(file.size.textBytes, file.bytes - url.length)
  assert.equal(file.size.unbounded, true)
})

test('unknown items and parts are bounded only by the context', () => {
  for (const input of [
    [{ type: 'computer_call_output', output: {} }],
    [{ role: 'user', content: [{ type: 'input_video' }] }],
  ])
    assert.equal(needs({ input }).size.unbounded, true)
})

test('a field of the wrong type is refused by name', () => {
  for (const [body, param] of [
    [{ input: 7 }, 'input'],
    [{ ...HI, stream: 'yes' }, 'stream'],
    [{ ...HI, max_output_tokens: 1.5 }, 'max_output_tokens'],
    [{ ...HI, tools: [{}] }, 'tools[0].type'],
  ] as const)
    assert.throws(
      () => needs(body),
      (error: unknown) =>
        failureOf(error).code === 'invalid_request' &&
        JSON.stringify(failureOf(error)).includes(`"param":"${param}"`),
    )
})
