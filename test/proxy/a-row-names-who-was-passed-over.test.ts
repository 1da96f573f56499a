import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { askWhole } from '../support/client.ts'
import { openHouse } from '../support/house.ts'

const house = await openHouse({ after })

async function evidenceOf(content: unknown): Promise<object> {
  const body = { model: 'auto', max_tokens: 100, messages: [{ role: 'user', content }] }
  const answer = await askWhole(house.chatUrl, { body })
  assert.equal(answer.status, 200, answer.text())
  return Object((await house.row(answer.headers['x-request-id'])).evidence)
}

const PROOF = 'Prove that the sum of two odd numbers is even.'

test('a row says which models were passed over, and why', async () => {
  const image = { type: 'image_url', image_url: { url: 'https://example.org/a.png' } }
  const { passed_over } = { passed_over: [], ...(await evidenceOf([{ type: 'text', text: PROOF }, image])) }
  assert.deepEqual(passed_over, [{ model: 'o1-mini', upstream: 'openai', in: false, why: 'no images' }])
})

test('if the route’s first model serves, the row has no list of models passed over', async () => {
  assert.deepEqual(Object.keys(await evidenceOf(PROOF)), ['rules', 'logits', 'read', 'turnsBack'])
})
