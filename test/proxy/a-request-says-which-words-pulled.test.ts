import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { RequestExplanation } from '../../src/admin/api/answers/explanation.ts'
import { askWhole } from '../support/client.ts'
import { type House, openHouse } from '../support/house.ts'
import { chatBody } from '../support/written-upstream.ts'

const ADMIN = 'an-admin-token'

describe('a request says which words pulled', () => {
  let house: House
  const ends: (() => Promise<void>)[] = []

  before(async () => {
    house = await openHouse(
      { after: (end) => void ends.push(end) },
      {
        settings: {
          server: { listen: '127.0.0.1:0', admin: '127.0.0.1:0', admin_token: ADMIN },
          capture: { prompts: 'full' },
        },
      },
    )
  })
  after(async () => {
    for (const end of ends) await end()
  })

  async function explanationOf(id: string): Promise<Response> {
    const headers = { authorization: `Bearer ${ADMIN}` }
    return fetch(`${house.adminUrl}/api/requests/${id}/explanation`, { headers })
  }

  async function explained(content: string, model = 'auto'): Promise<RequestExplanation> {
    const body = chatBody({ model, messages: [{ role: 'user', content }] })
    const { headers } = await askWhole(house.chatUrl, { body })
    const id = String(headers['x-request-id'])
    await house.row(id)
    const response = await explanationOf(id)
    assert.equal(response.status, 200)
    return RequestExplanation.parse(await response.json())
  }

  test('a prompt that was stored unchanged explains exactly the row’s verdict', async () => {
    const explanation = await explained('Write a poem about the sea in the style of Hugo.')
    assert.equal(explanation?.same, true)
    assert.equal(explanation?.class, 'language_heavy')
    const poem = explanation?.pulls.find(({ feature }) => feature === 'poem')
    assert.ok(poem !== undefined && poem.pull > 0)
  })

  test('if redaction changed the prompt, the explanation says that it differs from what decided', async () => {
    const explanation = await explained('Write a poem about ada.lovelace@example.org, who loves the sea.')
    assert.equal(explanation?.same, false)
  })

  test('a request that no classifier decided has no explanation', async () => {
    assert.equal(await explained('Write a poem.', 'trivium/pin:gpt-4o'), null)
  })

  test('an unknown id is not found', async () => {
    assert.equal((await explanationOf('req_00000000000000000000000000')).status, 404)
  })
})
