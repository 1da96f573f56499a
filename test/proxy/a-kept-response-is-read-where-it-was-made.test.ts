import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import OpenAI from 'openai'
import { KEY, keyEntry, openHouse, type Settings } from '../support/house.ts'
import { startUpstream } from '../support/simulator-upstream.ts'

test('a response is read and deleted at its model’s upstream, not at the first one', async (t) => {
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
  await assert.rejects(stranger.responses.retrieve(id), OpenAI.NotFoundError)
  await client.responses.delete(id)
  assert.deepEqual([first.calls.length, own.calls.length], [0, 3])
  await client.get('/conversations/conv_unknown').catch(() => undefined)
  assert.equal(first.calls.length, 1, 'what nobody has seen is asked of the first upstream')
})

test('a model chosen by the client is asked at the upstream that holds the previous response', async (t) => {
  const one = await startUpstream(t)
  const other = await startUpstream(t)
  const house = await openHouse(t, {
    settings: {
      upstreams: {
        one: { base_url: one.baseUrl, api_key: 'sk-one' },
        openai: { base_url: other.baseUrl, api_key: 'sk-other' },
      },
      models: {
        'gpt-4o': { upstream: [{ name: 'one' }, { name: 'openai' }] },
        'o1-mini': { shutdown: 'never' },
      },
    },
    team: { routing: 'auto_only' },
  })
  const client = new OpenAI({ baseURL: house.baseUrl, apiKey: KEY, maxRetries: 0 })
  for (let conversation = 0; conversation < 8; conversation += 1) {
    const first = await client.responses.create({ model: 'gpt-4o', input: `Say hello (${conversation})` })
    await client.responses.create({ model: 'gpt-4o', input: 'And again', previous_response_id: first.id })
  }
  assert.ok(one.calls.length > 0 && other.calls.length > 0)
  assert.equal(one.calls.length + other.calls.length, 16, 'and nobody had to be asked twice')
})

test('a conversation continues at its upstream, with the requested model, and for its own team only', async (t) => {
  const one = await startUpstream(t)
  const other = await startUpstream(t)
  const house = await openHouse(t, {
    settings: {
      upstreams: {
        one: { base_url: one.baseUrl, api_key: 'sk-one' },
        openai: { base_url: other.baseUrl, api_key: 'sk-other' },
      },
      models: {
        'gpt-4o': { upstream: [{ name: 'one' }, { name: 'openai' }] },
        'gpt-4o-mini': { upstream: 'one' },
      },
      teams: { research: { keys: [keyEntry(KEY)] }, other: { keys: [keyEntry('sk-other')] } },
    },
  })
  const [client, stranger] = [KEY, 'sk-other'].map(
    (apiKey) => new OpenAI({ baseURL: house.baseUrl, apiKey, maxRetries: 0 }),
  )
  assert.ok(client && stranger)
  for (let count = 0; count < 6; count += 1) {
    const metadata = { count: String(count) }
    const conversation: OpenAI.Conversations.Conversation = await client.conversations.create({ metadata })
    const input = `Say hello (${count})`
    const goOn = { model: 'gpt-4o', input, conversation: count % 2 === 0 ? conversation.id : conversation }
    assert.equal((await client.responses.create(goOn)).model, 'gpt-4o-2024-08-06')
    await client.conversations.retrieve(conversation.id)
    await assert.rejects(stranger.responses.create(goOn), { code: 'previous_response_not_found' })
    await assert.rejects(stranger.conversations.retrieve(conversation.id), OpenAI.NotFoundError)
  }
  assert.deepEqual([one.calls.length, other.calls.length], [18, 0])
})

const PROOF = 'Prove that the square root of two is irrational.'

async function openTwo(t: TestContext, first: Settings) {
  const far = await startUpstream(t)
  const near = await startUpstream(t)
  const upstreams = {
    near: { base_url: near.baseUrl, api_key: 'sk-near' },
    openai: { base_url: far.baseUrl, api_key: 'sk-far' },
  }
  const house = await openHouse(t, { settings: { upstreams, ...first } })
  const client = new OpenAI({ baseURL: house.baseUrl, apiKey: KEY, maxRetries: 0 })
  const response = await client.responses.create({ model: 'auto', input: PROOF })
  assert.equal(far.calls.length, 1)
  return { far, near, upstreams, house, client, response }
}

test('a response whose upstream was removed from the configuration is not found, and the error says why', async (t) => {
  const { near, upstreams, house, client, response } = await openTwo(t, {})
  const left = {
    upstreams: { near: upstreams.near },
    models: Object.fromEntries(
      ['gpt-4o', 'gpt-4o-mini', 'o1-mini'].map((model) => [model, { upstream: 'near', shutdown: 'never' }]),
    ),
  }
  house.rewrite({ settings: left })
  await house.reload()
  const goOn = () =>
    client.responses.create({ model: 'auto', input: 'Go on', previous_response_id: response.id })
  const message = /not found: it is stored at upstream "openai", which is no longer configured/
  await assert.rejects(goOn, { status: 400, code: 'previous_response_not_found', message })
  await assert.rejects(client.responses.retrieve(response.id), { code: 'object_not_found', message })
  assert.equal(near.calls.length, 0)
})

test('a response whose model was removed from the configuration is continued at the same upstream', async (t) => {
  const { far, upstreams, house, client, response } = await openTwo(t, {})
  const roads = ['gpt-4o', 'gpt-4o-mini']
  house.rewrite({
    settings: {
      upstreams,
      models: { 'o1-mini': { upstream: 'near' } },
      routes: { stem_reasoning: roads, factual_recall: roads, language_heavy: roads },
    },
    team: { models: roads },
  })
  await house.reload()
  const next = await client.responses.create({
    model: 'auto',
    input: 'Go on',
    previous_response_id: response.id,
  })
  assert.equal(next.model, 'gpt-4o-2024-08-06')
  assert.equal(far.calls.length, 2)
})

test('continuing a response whose upstream serves no model any more is refused with the reason', async (t) => {
  const { upstreams, house, client, response } = await openTwo(t, {})
  const models = Object.fromEntries(
    ['gpt-4o', 'gpt-4o-mini', 'o1-mini'].map((model) => [model, { upstream: 'near', shutdown: 'never' }]),
  )
  house.rewrite({ settings: { upstreams, models } })
  await house.reload()
  await assert.rejects(
    client.responses.create({ model: 'auto', input: 'Go on', previous_response_id: response.id }),
    {
      status: 400,
      code: 'no_capable_model',
      message: /no model .* served by openai, which holds the conversation it continues/,
    },
  )
})
