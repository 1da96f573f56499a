import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request, type ServerResponse } from 'node:http'
import { after, before, describe, type TestContext, test } from 'node:test'
import { compose } from '../../src/compose.ts'
import { ask, askWhole } from '../support/client.ts'
import { eventually } from '../support/eventually.ts'
import { KEY, keyEntry, openHouse, prepareHouse, type Settings } from '../support/house.ts'
import { listening, startServe } from '../support/served-process.ts'
import { type SharedStores, startSharedStores, withoutShared } from '../support/shared-stores.ts'
import { chatBody, frame, startWritten, type WrittenUpstream } from '../support/written-upstream.ts'

// Peers' slots stay taken after timeouts and cancellations: a key is dead until somebody flushes the counters.
const TEAM = { keys: [keyEntry(KEY, { limits: { concurrent: 1 } })], limits: { concurrent: 1 } }
/** A slot that only comes back when its lease expires, after 15 s, counts as lost. */
const PATIENCE_MS = 5_000

const JSON_HEAD = { 'content-type': 'application/json' }
const STREAM_HEAD = { 'content-type': 'text/event-stream' }
const WORD = frame({ choices: [{ index: 0, delta: { content: 'Hi' }, finish_reason: null }] })
const MESSAGE = { role: 'assistant', content: 'Hi' }
const GOOD = JSON.stringify({
  choices: [{ index: 0, message: MESSAGE, finish_reason: 'stop' }],
  usage: { prompt_tokens: 8, completion_tokens: 1, total_tokens: 9 },
})

type Answer = (response: ServerResponse) => void

/** Makes a request that ends badly. */
type Client = (chatUrl: string, upstream: WrittenUpstream) => Promise<unknown>

const waits: Client = (chatUrl) => settled(askWhole(chatUrl, { body: chatBody() }))
const streams: Client = (chatUrl) => settled(askWhole(chatUrl, { body: chatBody({ stream: true }) }))

const silent: Answer = () => undefined

function half(head: Record<string, string>, text: string, cut: (response: ServerResponse) => void): Answer {
  return (response) => {
    response.writeHead(200, head)
    response.write(text, () => cut(response))
  }
}

const fin = ({ socket }: ServerResponse) => void socket?.end()
const rst = ({ socket }: ServerResponse) => void socket?.resetAndDestroy()
const json = { ...JSON_HEAD, 'content-length': '1000' }

const ends: Readonly<Record<string, readonly [Answer, Client]>> = {
  'a page of HTML': [(r) => void r.writeHead(200, { 'content-type': 'text/html' }).end('<html>'), waits],
  'a page of HTML, as an error': [
    (r) => void r.writeHead(502, { 'content-type': 'text/html' }).end('<html>'),
    waits,
  ],
  'an answer without a body': [(r) => void r.writeHead(200, JSON_HEAD).end(), waits],
  'the upstream’s own refusal': [(r) => void r.writeHead(400, JSON_HEAD).end('{"error":{}}'), waits],
  'a socket destroyed before the head': [({ socket }) => void socket?.destroy(), waits],
  'a reset before the head': [rst, waits],
  'half a body, then FIN': [half(json, '{"choices":', fin), waits],
  'half a body, then RST': [half(json, '{"choices":', rst), waits],
  'half a stream, then FIN': [half(STREAM_HEAD, WORD, fin), streams],
  'half a stream, then RST': [half(STREAM_HEAD, WORD, rst), streams],
  'half a frame, then FIN': [half(STREAM_HEAD, WORD.slice(0, 40), fin), streams],
  'an upstream that says nothing': [silent, waits],
  'an upstream that falls silent in a stream': [half(STREAM_HEAD, WORD, () => undefined), streams],
  'a client that leaves before the head': [silent, leaveBeforeHead],
  'a client that leaves in a stream': [half(STREAM_HEAD, WORD, () => undefined), leaveInStream],
}

async function settled(asked: Promise<unknown>): Promise<void> {
  await asked.catch(() => undefined)
}

async function leaveBeforeHead(chatUrl: string, upstream: WrittenUpstream): Promise<void> {
  const before = upstream.count
  const body = JSON.stringify(chatBody())
  const headers = { ...JSON_HEAD, authorization: `Bearer ${KEY}`, 'content-length': body.length }
  const asking = request(chatUrl, { method: 'POST', agent: false, headers })
  asking.on('error', () => undefined)
  asking.end(body)
  await Promise.race([
    eventually(() => upstream.count > before || undefined),
    once(asking, 'response').catch(() => undefined),
  ])
  asking.destroy()
}

async function leaveInStream(chatUrl: string): Promise<void> {
  const answer = await ask(chatUrl, { body: chatBody({ stream: true }) })
  await answer.until('Hi').catch(() => undefined)
  answer.abort()
}

/** Asks until it is served, which must take no longer than noticing an end does. */
async function servedSoon(chatUrl: string, after: string): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS
  for (;;) {
    const { status, text } = await askWhole(chatUrl, { body: chatBody() })
    if (status === 200) return
    assert.ok(performance.now() < deadline, `after ${after}: ${status} ${text()}`)
  }
}

async function proveEnds(t: TestContext, settings: Settings): Promise<void> {
  let answer: Answer = silent
  const upstream = await startWritten(t, (response) => answer(response))
  const timeouts = { first_byte: '300ms', idle: '300ms' }
  const house = await openHouse(t, {
    settings,
    upstream: { base_url: upstream.baseUrl, retries: 0, timeouts },
    team: TEAM,
  })
  for (const [name, [bad, client]] of Object.entries(ends)) {
    answer = bad
    const before = upstream.count
    // On a busy machine Redis may seem to be away, and then no upstream was asked.
    while (upstream.count === before) await client(house.chatUrl, upstream)
    answer = (response) => void response.writeHead(200, JSON_HEAD).end(GOOD)
    await servedSoon(house.chatUrl, name)
  }
}

test('in memory a slot comes back after every kind of end', (t) => proveEnds(t, {}))

describe('in Redis', { skip: withoutShared }, () => {
  let stores: SharedStores
  before(async () => {
    stores = await startSharedStores()
  })
  after(() => stores.dispose())

  test('a slot comes back after every kind of end', (t) =>
    proveEnds(t, { store: { redis: stores.redis.url, postgres: stores.postgres.url } }))

  test('a slot held by a replica that shuts down comes back for the others', async (t) => {
    await stores.empty()
    let answer: Answer = half(STREAM_HEAD, WORD, () => undefined)
    const upstream = await startWritten(t, (response) => answer(response))
    const house = await prepareHouse({
      settings: { store: { redis: stores.redis.url, postgres: stores.postgres.url } },
      upstream: { base_url: upstream.baseUrl },
      team: TEAM,
    })
    t.after(() => house.close())
    const going = startServe(t, ['--config', house.config])
    const staying = await compose({ config: house.config, env: {} })
    t.after(() => staying.close())
    const other = `${staying.dataUrl}/v1/chat/completions`
    const holder = await ask(`${await listening(going)}/chat/completions`, {
      body: chatBody({ stream: true }),
    })
    await holder.until('Hi')
    assert.notEqual((await askWhole(other, { body: chatBody() })).status, 200)
    answer = (response) => void response.writeHead(200, JSON_HEAD).end(GOOD)
    going.child.kill('SIGTERM')
    assert.deepEqual(await going.exited, [0, null])
    await servedSoon(other, 'SIGTERM')
  })
})
