import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { z } from 'zod'
import { askWhole } from '../support/client.ts'
import { openHouse } from '../support/house.ts'

const house = await openHouse({ after })
const Refused = z.object({ error: z.object({ message: z.string(), param: z.string(), code: z.string() }) })

const TOOL = { type: 'function', function: { name: 'lookup', parameters: { type: 'object' } } }
const CASES: readonly (readonly [fields: object, param: string, reason: RegExp])[] = [
  [{ tools: [TOOL] }, 'tools', /o1-mini: no tools/],
  [{ n: 2 }, 'n', /o1-mini: no n/],
  [{ stop: 'END' }, 'stop', /o1-mini: no stop/],
  [{ response_format: { type: 'json_object' } }, 'response_format', /o1-mini: no json_object/],
]

for (const [fields, param, reason] of CASES) {
  test(`pinning o1-mini with ${param} is refused with 400 no_capable_model that names the field`, async () => {
    const body = { messages: [{ role: 'user', content: 'Hello' }], ...fields }
    const pins = [
      { body: { ...body, model: 'trivium/pin:o1-mini' } },
      { body: { ...body, model: 'gpt-4o' }, headers: { 'x-trivium-route': 'o1-mini' } },
    ]
    for (const pin of pins) {
      const answer = await askWhole(house.chatUrl, pin)
      assert.equal(answer.status, 400)
      const { error } = Refused.parse(answer.json)
      assert.equal(error.code, 'no_capable_model')
      assert.equal(error.param, param)
      assert.match(error.message, reason)
      assert.equal(answer.headers['x-trivium-attempts'], '0')
      const row = await house.row(answer.headers['x-request-id'])
      assert.deepEqual([row.outcome, row.error_code, row.cost_nusd], ['refused', 'no_capable_model', 0])
    }
    assert.equal(house.simulator.calls.length, 0)
  })
}
