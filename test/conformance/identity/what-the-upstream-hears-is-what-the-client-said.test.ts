import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import OpenAI from 'openai'
import { ENDPOINTS } from '../../../src/base/endpoint.ts'
import { KEY, keyEntry, openHouse } from '../../support/house.ts'
import { MAJORS } from '../../support/openai-majors.ts'
import type { Calls } from './call.ts'
import { LANGUAGE } from './calls/language.ts'
import { restOf } from './calls/rest.ts'
import { STORAGE } from './calls/storage.ts'
import { WORK } from './calls/work.ts'
import { differencesOf } from './difference.ts'
import { startRecorder } from './recorder.ts'

/** Endpoints whose requests the proxy routes, so that their bodies may change. See docs/clients.md. */
const ROUTED = /^\/v1\/(chat\/completions|responses|responses\/(compact|input_tokens))(\?|$)/

/** Answered by the proxy itself, which knows what a key may use. */
const ANSWERED_HERE = ['models.list', 'models.retrieve']

/** Cannot be called with made-up values. */
const UNASKED = ['beta.agents.environments.files.prepare', 'beta.agents.environments.files.upload']

/** Calls that older majors encode in their own way: forms, empty bodies with a type, queries. */
const SAID_BY_ALL = [
  'chat.completions.create',
  'embeddings.create',
  'moderations.create',
  'images.generate',
  'audio.speech.create',
  'audio.transcriptions.create',
  'files.create',
  'files.list',
  'batches.create',
  'batches.cancel',
  'uploads.create',
  'uploads.parts.create',
  'uploads.cancel',
  'fineTuning.jobs.list',
  'fineTuning.jobs.cancel',
  'beta.assistants.create',
  'beta.threads.create',
  'beta.threads.runs.create streamed',
]

/** The SDK sends another key for organization endpoints. Nothing forbids blanks in a key. */
const ADMIN_KEY = 'a key with blanks'

/** A client and the status, type and bytes of every answer it got. */
interface Hearing {
  readonly client: OpenAI
  takeAnswers(): readonly string[]
}

const upstream = await startRecorder()
after(() => upstream.close())
const keys = [keyEntry(KEY), keyEntry(ADMIN_KEY, { id: 'admin' })]
const house = await openHouse(
  { after },
  { upstream: { base_url: upstream.baseUrl }, team: { endpoints: [...ENDPOINTS], keys } },
)
const OWN = { baseURL: upstream.baseUrl, apiKey: 'sk-own', adminAPIKey: 'sk-own', maxRetries: 0 }
const OURS = { baseURL: house.baseUrl, apiKey: KEY, adminAPIKey: ADMIN_KEY, maxRetries: 0 }

function hearing(options: typeof OWN): Hearing {
  const answers: string[] = []
  const client = new OpenAI({
    ...options,
    async fetch(url, init) {
      const response = await fetch(url, init)
      const bytes = Buffer.from(await response.clone().arrayBuffer())
      answers.push(`${response.status} ${response.headers.get('content-type')} ${bytes.toString('base64')}`)
      return response
    },
  })
  return { client, takeAnswers: () => answers.splice(0) }
}

async function attempt(call: Calls[string], { client, takeAnswers }: Hearing) {
  const failure = await call(client).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : String(error)),
  )
  return { failure, answers: takeAnswers(), heard: upstream.take() }
}

async function compare(call: Calls[string], direct: Hearing, proxied: Hearing): Promise<void> {
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
}

const newest = { direct: hearing(OWN), proxied: hearing(OURS) }
const typed: Calls = { ...LANGUAGE, ...STORAGE, ...WORK }

for (const [name, call] of Object.entries({ ...typed, ...restOf(newest.direct.client, typed) })) {
  if (ANSWERED_HERE.includes(name) || UNASKED.includes(name)) continue
  test(`${name} reaches the upstream as the client sent it`, () =>
    compare(call, newest.direct, newest.proxied))
}

for (const { name: major, Client } of MAJORS.slice(0, -1)) {
  const of = (options: typeof OWN) => ({ client: new Client(options), takeAnswers: () => [] })
  for (const name of SAID_BY_ALL) {
    test(`${name} of ${major} reaches the upstream as the client sent it`, async () => {
      const call = typed[name]
      assert.ok(call !== undefined)
      await compare(call, of(OWN), of(OURS))
    })
  }
}

test('an unknown path is answered by the upstream, whatever the method', async () => {
  for (const { client } of [newest.direct, newest.proxied]) {
    for (const method of ['get', 'post', 'put', 'patch', 'delete'] as const) {
      await assert.rejects(client[method]('/unknown_path'), OpenAI.NotFoundError)
      assert.equal(upstream.take().length, 1)
    }
  }
})
