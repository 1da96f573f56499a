import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askWhole } from '../support/client.ts'
import { eventually } from '../support/eventually.ts'
import { openHouse } from '../support/house.ts'
import { startWritten } from '../support/written-upstream.ts'

// Model names used to go into rows as clients had sent them. A forwarded request still goes upstream as it
// was sent, and the upstream may repeat the name.
const SECRET = 'sk-proj-AbCdEfGhIjKlMnOpQrStUv999999'

test('a key sent as a model name reaches the upstream but no row', async (t) => {
  let asked = ''
  const upstream = await startWritten(t, (response, _index, _request, body) => {
    asked = body.toString()
    response.setHeader('content-type', 'text/event-stream')
    const frame = { id: 'cmpl-1', object: 'text_completion', model: SECRET, choices: [] }
    response.end(`data: ${JSON.stringify(frame)}\n\ndata: [DONE]\n\n`)
  })
  const team = { budgets: [], endpoints: ['completions'] }
  const house = await openHouse(t, { team, upstream: { base_url: upstream.baseUrl } })
  const body = { model: SECRET, prompt: 'x', stream: true }
  const { status } = await askWhole(`${house.baseUrl}/completions`, { body })
  assert.equal(status, 200)
  assert.deepEqual(JSON.parse(asked), body)
  const row = await eventually(() => house.rows().find(({ outcome }) => outcome === 'ok'))
  assert.deepEqual([row.requested_model, row.answered_model], ['[key]', '[key]'])
})
