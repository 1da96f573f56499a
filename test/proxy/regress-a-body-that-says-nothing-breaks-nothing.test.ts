import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { askWhole } from '../support/client.ts'
import { openHouse } from '../support/house.ts'

// Fuzzing found that setting the model in a Responses body of which no field is kept ended in
// `internal_error`: `{}`, or a body whose only field the target does not take.
const house = await openHouse({ after })

for (const body of ['{}', ' {\n} ', '{"temperature":1}', '{"parallel_tool_calls":true}']) {
  test(`${JSON.stringify(body)} is answered or refused without an internal error`, async () => {
    for (const route of ['auto', 'trivium/stem_reasoning', 'off']) {
      const headers = { 'x-trivium-route': route }
      const answer = await askWhole(`${house.baseUrl}/responses`, { body, headers })
      assert.ok(answer.status < 500, answer.text())
      if (answer.status === 200) JSON.parse(String(house.simulator.calls.at(-1)?.body))
    }
  })
}
