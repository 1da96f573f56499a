import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { AzureOpenAI, toFile } from 'openai'
import { ENDPOINTS } from '../../src/base/endpoint.ts'
import { askWhole } from '../support/client.ts'
import { KEY, openHouse } from '../support/house.ts'
import { startWritten } from '../support/written-upstream.ts'

const house = await openHouse({ after }, { team: { endpoints: [...ENDPOINTS] } })
const endpoint = house.baseUrl.slice(0, -'/v1'.length)
const messages = [{ role: 'user' as const, content: 'Hello' }]

function azure(more: { readonly deployment?: string } = {}): AzureOpenAI {
  return new AzureOpenAI({ endpoint, apiKey: KEY, apiVersion: '2024-10-21', maxRetries: 0, ...more })
}

test('an unknown bearer token is refused even beside a valid api-key', async () => {
  const url = house.baseUrl.replace(/\/v1$/, '/openai/deployments/gpt-4o/chat/completions')
  const body = { messages: [{ role: 'user', content: 'x' }] }
  for (const [authorization, status] of [
    ['Bearer dummy', 401],
    ['Basic ZHVtbXk=', 200],
  ] as const) {
    const answer = await askWhole(url, { body, headers: { authorization, 'api-key': KEY } })
    assert.equal(answer.status, status, authorization)
  }
})

test('a chat is routed, with its deployment as the requested model', async () => {
  const { response } = await azure().chat.completions.create({ model: 'gpt-4o', messages }).withResponse()
  const row = await house.row(response.headers.get('x-request-id'))
  assert.deepEqual([row.requested_model, row.endpoint, row.outcome], ['gpt-4o', 'chat', 'ok'])
  assert.equal(house.simulator.calls.at(-1)?.path, '/v1/chat/completions')
})

test('a body without a model gets the deployment of its path', async () => {
  const path = '/openai/deployments/trivium%2Fpin:gpt-4o-mini/chat/completions?api-version=2024-10-21'
  const answer = await askWhole(endpoint + path, {
    body: `{ "messages": ${JSON.stringify(messages)} }`,
    headers: { authorization: '', 'api-key': KEY },
  })
  assert.equal(answer.status, 200, answer.text())
  assert.equal(answer.headers['x-trivium-model'], 'gpt-4o-mini')
  const { response } = await azure({ deployment: 'gpt-4o' })
    .chat.completions.create({ model: '', messages })
    .withResponse()
  assert.equal((await house.row(response.headers.get('x-request-id'))).requested_model, 'gpt-4o')
})

test('embeddings go to the upstream with their model in the body', async () => {
  const answer = await azure({ deployment: 'text-embedding-3-small' }).embeddings.create({
    model: '',
    input: 'x',
  })
  assert.equal(answer.data.length, 1)
  const { path, body } = house.simulator.calls.at(-1) ?? {}
  assert.equal(path, '/v1/embeddings')
  assert.equal(JSON.parse(String(body)).model, 'text-embedding-3-small')
})

test('a form goes to the upstream with its model in it', async () => {
  const file = await toFile(Buffer.from('la la'), 'sound.mp3')
  const client = azure({ deployment: 'gpt-4o-transcribe' })
  const heard = await client.audio.transcriptions.create({ model: '', file })
  assert.match(heard.text, /5 bytes/)
  assert.match(String(house.simulator.calls.at(-1)?.body), /name="model"\r\n\r\ngpt-4o-transcribe\r\n/)
})

test('paths outside the deployments are forwarded without the client’s api-version', async () => {
  const client = azure()
  const file = await client.files.create({ file: await toFile(Buffer.from('{}'), 'a'), purpose: 'batch' })
  await client.files.list({ limit: 2 })
  assert.equal(house.simulator.calls.at(-1)?.path, '/v1/files?limit=2')
  await client.files.delete(file.id)
})

test('an Azure upstream gets its deployment and its own version', async (t) => {
  const heard: string[] = []
  const upstream = await startWritten(t, (response, _index, request) => {
    heard.push(`${request.method} ${request.url} ${request.headers['api-key']}`)
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end('{"data":[],"usage":{"prompt_tokens":1,"total_tokens":1}}')
  })
  const other = await openHouse(t, {
    upstream: {
      kind: 'azure',
      base_url: upstream.baseUrl.slice(0, -'/v1'.length),
      api_version: '2025-01-01',
      api_key: 'azure-key',
      deployments: { 'text-embedding-3-small': 'mine' },
    },
    team: { endpoints: [...ENDPOINTS] },
  })
  await askWhole(`${other.baseUrl}/embeddings`, { body: { model: 'text-embedding-3-small', input: 'x' } })
  await askWhole(`${other.baseUrl}/files?limit=1`, { method: 'GET' })
  assert.deepEqual(heard, [
    'POST /openai/deployments/mine/embeddings?api-version=2025-01-01 azure-key',
    'GET /openai/files?limit=1&api-version=2025-01-01 azure-key',
  ])
})
