import assert from 'node:assert/strict'
import { test } from 'node:test'
import OpenAI from 'openai'
import { KEY, keyEntry, openHouse } from '../support/house.ts'
import { startUpstream } from '../support/simulator-upstream.ts'

test('a response is read, listed and deleted at the upstream of its model, not at the first one', async (t) => {
  const first = await startUpstream(t)
  const own = await startUpstream(t)
  const house = await openHouse(t, {
    settings: {
      upstreams: {
        first: { base_url: first.baseUrl, api_key: 'sk-first' },
        openai: { base_url: own.baseUrl, api_key: 'sk-own' },
      },
      teams: {
        research: { keys: [keyEntry(KEY)] },
        other: { keys: [keyEntry('sk-other')] },
      },
    },
  })
  const client = new OpenAI({ baseURL: house.baseUrl, apiKey: KEY, maxRetries: 0 })
  const { id } = await client.responses.create({ model: 'gpt-4o', input: 'Say hello' })
  assert.equal((await client.responses.retrieve(id)).id, id)
  const stranger = new OpenAI({ baseURL: house.baseUrl, apiKey: 'sk-other', maxRetries: 0 })
  await assert.rejects(stranger.responses.retrieve(id), /not found/)
  await client.responses.delete(id)
  assert.deepEqual([first.calls.length, own.calls.length], [0, 3])
  await client.get('/conversations/conv_unknown').catch(() => undefined)
  assert.equal(first.calls.length, 1, 'what nobody has seen is asked of the first upstream')
})
