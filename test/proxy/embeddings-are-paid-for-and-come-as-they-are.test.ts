import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { askWhole } from '../support/client.ts'
import { KEY, keyEntry, openHouse } from '../support/house.ts'
import { MAJORS } from '../support/openai-majors.ts'

const house = await openHouse({ after })
const url = `${house.baseUrl}/embeddings`

test('every client major gets its vectors, and the ledger has their cost', async () => {
  for (const { name, Client } of MAJORS) {
    const client = new Client({ baseURL: house.baseUrl, apiKey: KEY, maxRetries: 0 })
    const { data: answer, response } = await client.embeddings
      .create({ model: 'text-embedding-3-small', input: ['one text', 'and another'] })
      .withResponse()
    assert.equal(answer.data.length, 2, name)
    assert.equal(typeof answer.data[0]?.embedding[0], 'number', name)
    const row = await house.row(response.headers.get('x-request-id'))
    const billed = house.simulator.calls.at(-1)?.billedNanoUsd
    assert.deepEqual(
      [row.endpoint, row.outcome, row.usage_source, row.cost_nusd, row.requested_model],
      ['embeddings', 'ok', 'reported', billed, 'text-embedding-3-small'],
    )
    assert.ok(row.held_nusd >= Number(billed), 'the bound was held')
    assert.equal(Number(response.headers.get('x-trivium-cost-usd')) * 1e9, billed)
  }
})

test('base64 vectors pass unchanged', async () => {
  const body = { model: 'text-embedding-3-small', input: 'x', encoding_format: 'base64' }
  const proxied = await askWhole(url, { body })
  const vector = JSON.parse(proxied.text()).data[0].embedding
  assert.equal(Buffer.from(vector, 'base64').length, 32)
})

test('a model without a price is refused where a budget applies', async () => {
  const answer = await askWhole(url, { body: { model: 'text-embedding-new', input: 'x' } })
  assert.equal(answer.status, 400)
  assert.match(answer.text(), /"no_capable_model"/)
  assert.match(answer.text(), /text-embedding-new: no price, and a budget applies/)
})

test('an embedding that does not fit the budget is not sent upstream', async (t) => {
  const poor = await openHouse(t, { team: { budgets: [{ usd: 0.000001, per: 'total' }] } })
  const ask = (input: string) =>
    askWhole(`${poor.baseUrl}/embeddings`, { body: { model: 'text-embedding-3-small', input } })
  const refused = await ask('word '.repeat(100))
  assert.deepEqual([refused.status, poor.simulator.calls.length], [429, 0])
  assert.match(refused.text(), /insufficient_quota/)
  assert.equal((await ask('x')).status, 200)
})

test('a model outside the team’s list is not found', async (t) => {
  const other = await openHouse(t, {
    team: { models: ['gpt-4o'], keys: [keyEntry(KEY)] },
  })
  const answer = await askWhole(`${other.baseUrl}/embeddings`, {
    body: { model: 'text-embedding-3-small', input: 'x' },
  })
  assert.deepEqual([answer.status, /model_not_found/.test(answer.text())], [404, true])
})
