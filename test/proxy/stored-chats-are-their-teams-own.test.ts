import assert from 'node:assert/strict'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { test } from 'node:test'
import OpenAI from 'openai'
import { keyEntry, openHouse } from '../support/house.ts'
import { frame, startWritten } from '../support/written-upstream.ts'

/** Vendors list chats only, but other upstreams may list more. */
const LISTS = ['/v1/chat/completions', '/v1/responses', '/v1/conversations']

const CHAT = { object: 'chat.completion', created: 1, model: 'gpt-4o-2024-08-06' }
const CHOICE = {
  index: 0,
  message: { role: 'assistant', content: 'Hi', refusal: null },
  finish_reason: 'stop',
}
const USAGE = { prompt_tokens: 9, completion_tokens: 1, total_tokens: 10 }

/** An upstream that stores every chat and lists all of them to every caller. */
function storing(name: string) {
  const stored: string[] = []
  const json = (response: ServerResponse, body: object) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body, null, 2))
  const answer = (response: ServerResponse, index: number, { method, url, headers }: IncomingMessage) => {
    if (method === 'GET' && LISTS.includes(url?.replace(/\?.*/, '') ?? '')) {
      const data = stored.map((id) => ({ id, ...CHAT }))
      const ends = { first_id: stored[0], last_id: stored.at(-1) }
      json(response, { object: 'list', data, ...ends, has_more: false, from: name })
      return
    }
    if (method !== 'POST') {
      json(response, { id: url?.split('/').at(-1), ...CHAT, choices: [CHOICE], from: name })
      return
    }
    const id = `chatcmpl-${name}-${index}`
    stored.push(id)
    if (headers['x-stream'] === undefined) {
      json(response, { id, ...CHAT, choices: [CHOICE], usage: USAGE })
      return
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const said = { choices: [{ index: 0, delta: { content: 'Hi' }, finish_reason: 'stop' }] }
    response.end(`${frame({ ...said, id })}${frame({ id, choices: [], usage: USAGE })}data: [DONE]\n\n`)
  }
  return answer
}

test('stored chats are found at their upstream by their own team, and hidden from other teams', async (t) => {
  const first = await startWritten(t, storing('first'))
  const own = await startWritten(t, storing('own'))
  const house = await openHouse(t, {
    settings: {
      upstreams: {
        first: { base_url: first.baseUrl, api_key: 'sk-first' },
        openai: { base_url: own.baseUrl, api_key: 'sk-own' },
      },
      models: { 'gpt-4o-mini': { upstream: 'first' } },
      teams: { research: { keys: [keyEntry('sk-research')] }, sales: { keys: [keyEntry('sk-sales')] } },
    },
  })
  const [research, sales] = ['sk-research', 'sk-sales'].map(
    (apiKey) => new OpenAI({ baseURL: house.baseUrl, apiKey, maxRetries: 0 }),
  )
  assert.ok(research && sales)
  const ask = {
    model: 'trivium/pin:gpt-4o',
    store: true,
    messages: [{ role: 'user' as const, content: 'Hi' }],
  }
  const { id } = await research.chat.completions.create(ask)
  const headers = { 'x-stream': '1' }
  let streamed = ''
  for await (const chunk of await research.chat.completions.create({ ...ask, stream: true }, { headers })) {
    streamed = chunk.id
  }
  for (const each of [id, streamed]) {
    assert.equal(Reflect.get(await research.chat.completions.retrieve(each), 'from'), 'own')
    // A deployment path does not open it either.
    for (const method of ['GET', 'DELETE']) {
      const url = `${house.baseUrl.replace(/\/v1$/, '')}/openai/deployments/gpt-4o/chat/completions/${each}`
      const answer = await fetch(url, { method, headers: { 'api-key': 'sk-sales' } })
      assert.equal(answer.status, 404)
      assert.match(await answer.text(), /object_not_found/)
    }
    await assert.rejects(sales.chat.completions.retrieve(each), {
      status: 404,
      code: 'object_not_found',
    })
    await assert.rejects(sales.chat.completions.delete(each), OpenAI.NotFoundError)
  }
  const atFirst = { ...ask, model: 'trivium/pin:gpt-4o-mini' }
  const { id: listed } = await research.chat.completions.create(atFirst)
  const { id: theirs } = await sales.chat.completions.create(atFirst)
  const { id: unstored } = await sales.chat.completions.create({ ...atFirst, store: false })
  const listOf = async (client: OpenAI) => (await client.chat.completions.list()).data.map(({ id }) => id)
  // A chat not known to belong to a team is shown to all, as the upstream lists it.
  assert.deepEqual(await listOf(research), [listed, unstored])
  assert.deepEqual(await listOf(sales), [theirs, unstored])
  for (const path of LISTS) {
    const page: object = await sales.get(path.slice('/v1'.length))
    assert.ok(!JSON.stringify(page).includes(listed), path)
    assert.deepEqual([Reflect.get(page, 'first_id'), Reflect.get(page, 'last_id')], [theirs, unstored], path)
  }
  // Each upstream has a list of its own, so a model's chats are listed where the model is served.
  const elsewhere: object = await research.get('/chat/completions', { query: { model: 'gpt-4o' } })
  assert.equal(Reflect.get(elsewhere, 'from'), 'own')
})
