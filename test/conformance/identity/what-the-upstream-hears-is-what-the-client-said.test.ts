import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import OpenAI from 'openai'
import { ENDPOINTS } from '../../../src/flow/team.ts'
import { KEY, openHouse } from '../../support/house.ts'
import type { Calls } from './call.ts'
import { LANGUAGE } from './calls/language.ts'
import { restOf } from './calls/rest.ts'
import { STORAGE } from './calls/storage.ts'
import { WORK } from './calls/work.ts'
import { differencesOf } from './difference.ts'
import { startRecorder } from './recorder.ts'

/** Decided by the proxy, body and all; see docs/clients.md. */
const ROUTED = /^\/v1\/(chat\/completions|responses|responses\/compact)(\?|$)/

/** Answered by the proxy itself: what a key may use is its own affair. */
const ANSWERED_HERE = ['models.list', 'models.retrieve']

/** Asked for nothing that can be asked for with made-up values. */
const UNASKED = ['beta.agents.environments.files.prepare', 'beta.agents.environments.files.upload']

/** A client, and what it got: every answer's status, type and bytes. */
function hearingClient(baseURL: string, apiKey: string) {
  const answers: string[] = []
  const client = new OpenAI({
    baseURL,
    apiKey,
    adminAPIKey: apiKey,
    maxRetries: 0,
    async fetch(url, init) {
      const response = await fetch(url, init)
      const bytes = Buffer.from(await response.clone().arrayBuffer())
      answers.push(`${response.status} ${response.headers.get('content-type')} ${bytes.toString('base64')}`)
      return response
    },
  })
  return { client, takeAnswers: () => answers.splice(0) }
}

const upstream = await startRecorder()
after(() => upstream.close())
const house = await openHouse(
  { after },
  {
    upstream: { base_url: upstream.baseUrl },
    team: { endpoints: [...ENDPOINTS] },
  },
)
const direct = hearingClient(upstream.baseUrl, 'sk-own')
const proxied = hearingClient(house.baseUrl, KEY)

async function attempt(call: Calls[string], { client, takeAnswers }: typeof direct) {
  const failure = await call(client).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : String(error)),
  )
  return { failure, answers: takeAnswers(), heard: upstream.take() }
}

const typed: Calls = { ...LANGUAGE, ...STORAGE, ...WORK }
const calls: Calls = { ...typed, ...restOf(direct.client, typed) }

for (const [name, call] of Object.entries(calls)) {
  if (ANSWERED_HERE.includes(name) || UNASKED.includes(name)) continue
  test(`${name} reaches the upstream as it was said`, async () => {
    const before = await attempt(call, direct)
    const behind = await attempt(call, proxied)
    assert.ok(before.heard.length > 0, `nothing was asked: ${before.failure}`)
    assert.equal(behind.failure, before.failure)
    assert.equal(behind.heard.length, before.heard.length)
    before.heard.forEach((one, index) => {
      const other = behind.heard[index]
      assert.ok(other !== undefined)
      assert.deepEqual(differencesOf(one, other, ROUTED.test(one.url) && one.method === 'POST'), [])
    })
    assert.deepEqual(behind.answers, before.answers)
  })
}

test('a path nobody knows is answered by the upstream', async () => {
  for (const { client } of [direct, proxied]) {
    await assert.rejects(client.get('/unknown_path'), OpenAI.NotFoundError)
    assert.equal(upstream.take().length, 1)
  }
})
