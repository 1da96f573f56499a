import assert from 'node:assert/strict'
import { after, afterEach, test } from 'node:test'
import fc from 'fast-check'
import { askWhole } from '../support/client.ts'
import { openHouse } from '../support/house.ts'

// Everything that o1-mini's endpoint answers with 400, field by field. The simulator does the same, so a request that
// should not have reached it is among its calls with a 400.

// Without a budget no request needs a cap.
const house = await openHouse({ after }, { team: { budgets: [] } })
const { simulator } = house
afterEach(() => simulator.reset())

const USER = { role: 'user', content: 'Prove that the square root of 2 is irrational.' }
const TOOL = { type: 'function', function: { name: 'lookup', parameters: { type: 'object' } } }
const CALL = { id: 'call_1', type: 'function', function: { name: 'lookup', arguments: '{}' } }
const IMAGE = {
  type: 'image_url',
  image_url: {
    url: `data:image/png;base64,${Buffer.from('89504e470d0a1a0a0000000d4948445200000010000000100806000000', 'hex').toString('base64')}`,
  },
}

/** Fields of the body, and the changes for o1-mini that the proxy reports. */
const ADAPTED: readonly (readonly [fields: object, adapted: string | undefined])[] = [
  [{ messages: [{ role: 'system', content: 'Be brief.' }, USER] }, 'system->user'],
  [{ messages: [{ role: 'developer', content: 'Be brief.' }, USER] }, 'developer->user'],
  [{ max_tokens: 100 }, 'max_tokens->max_completion_tokens=25100'],
  [{ temperature: 0.2 }, '-temperature'],
  [{ top_p: 0.5 }, '-top_p'],
  [{ presence_penalty: 0.5 }, '-presence_penalty'],
  [{ frequency_penalty: -1 }, '-frequency_penalty'],
  [{ reasoning_effort: 'low' }, '-reasoning_effort'],
  [{ prediction: { type: 'content', content: 'x' } }, '-prediction'],
  [{ parallel_tool_calls: true }, '-parallel_tool_calls'],
  [{ tools: [], tool_choice: 'auto' }, '-tools, -tool_choice'],
  [{ functions: [], function_call: 'none' }, '-functions, -function_call'],
  [{ response_format: { type: 'text' } }, '-response_format'],
  [{ logprobs: false }, '-logprobs'],
  [{ stop: [] }, '-stop'],
  [{ logit_bias: { 50256: -100 }, seed: 7, user: 'u', store: true, metadata: { a: 'b' } }, undefined],
]

/** Fields that cannot be removed without changing the answer: gpt-4o, next on the route, serves them unchanged. */
const PASSED_ON: readonly object[] = [
  { tools: [TOOL] },
  { tools: [TOOL], tool_choice: 'required', parallel_tool_calls: false },
  { functions: [TOOL.function], function_call: 'auto' },
  {
    messages: [
      USER,
      { role: 'assistant', content: null, tool_calls: [CALL] },
      { role: 'tool', tool_call_id: 'call_1', content: '7' },
    ],
  },
  { response_format: { type: 'json_object' } },
  { response_format: { type: 'json_schema', json_schema: { name: 'x', schema: { type: 'object' } } } },
  { n: 2 },
  { logprobs: true, top_logprobs: 2 },
  { stop: 'END' },
  { messages: [{ role: 'user', content: [{ type: 'text', text: 'What is it?' }, IMAGE] }] },
]

const FORCED = { 'x-trivium-route': 'trivium/stem_reasoning' }
const PINNED = { 'x-trivium-route': 'o1-mini' }

async function send(fields: object, headers: Readonly<Record<string, string>>) {
  const body = { model: 'gpt-4o', messages: [USER], ...fields }
  return askWhole(house.chatUrl, { body, headers })
}

for (const stream of [false, true]) {
  for (const [fields, adapted] of ADAPTED) {
    test(`o1-mini serves ${JSON.stringify(fields)} adapted by ${adapted ?? 'nothing'} (stream: ${stream})`, async () => {
      for (const headers of [FORCED, PINNED]) {
        const answer = await send({ ...fields, stream }, headers)
        assert.equal(answer.status, 200, answer.text())
        assert.equal(answer.headers['x-trivium-model'], 'o1-mini')
        assert.equal(answer.headers['x-trivium-adapted'], adapted)
      }
      assert.deepEqual(
        simulator.calls.map(({ status }) => status),
        [200, 200],
      )
    })
  }

  for (const fields of PASSED_ON) {
    test(`gpt-4o serves ${JSON.stringify(fields)} unchanged (stream: ${stream})`, async () => {
      const answer = await send({ ...fields, stream }, FORCED)
      assert.equal(answer.status, 200, answer.text())
      assert.equal(answer.headers['x-trivium-model'], 'gpt-4o')
      assert.equal(answer.headers['x-trivium-adapted'], undefined)
      assert.deepEqual(
        simulator.calls.map(({ status }) => status),
        [200],
      )
    })
  }
}

test('a cap meant for another model is raised for reasoning, one meant for o1-mini is kept', async () => {
  const cap = { max_completion_tokens: 100 }
  assert.equal((await send(cap, FORCED)).headers['x-trivium-adapted'], 'max_completion_tokens=25100')
  assert.equal((await send(cap, PINNED)).headers['x-trivium-adapted'], undefined)
  assert.deepEqual(
    simulator.calls.map(({ status }) => status),
    [200, 200],
  )
})

test('combinations of these fields never get a 400 from an upstream', async () => {
  // Every model refuses a prediction beside caps, tools or logprobs, so that would not be routing's fault.
  const adapted = ADAPTED.map(([each]) => each).filter((each) => !('prediction' in each))
  const fields = fc.subarray([...adapted, ...PASSED_ON], { minLength: 2, maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(fields, fc.boolean(), async (chosen, stream) => {
      const answer = await send({ ...Object.assign({}, ...chosen), stream }, FORCED)
      assert.equal(answer.status, 200, answer.text())
    }),
    { numRuns: 150 },
  )
  assert.ok(simulator.calls.every(({ status }) => status === 200))
})
