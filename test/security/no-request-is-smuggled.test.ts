import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openHouse } from '../support/house.ts'
import { chatBody } from '../support/written-upstream.ts'
import { chatHead, speak } from './raw.ts'

const house = await openHouse({ after })
const CHAT = JSON.stringify(chatBody())
const SMUGGLED = 'GET /v1/models HTTP/1.1\r\nhost: trivium\r\nauthorization: Bearer sk-test\r\n\r\n'
const length = `content-length: ${CHAT.length}`
const chunked = (body: string) => `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`

/** The end of the request is stated twice, or in a way that another proxy may read differently. */
const AMBIGUOUS: Readonly<Record<string, string>> = {
  'a length and chunks':
    chatHead('content-length: 4', 'transfer-encoding: chunked') + chunked(CHAT) + SMUGGLED,
  'chunks and a length':
    chatHead('transfer-encoding: chunked', 'content-length: 4') + chunked(CHAT) + SMUGGLED,
  'two lengths': chatHead(length, 'content-length: 0') + CHAT + SMUGGLED,
  'two lengths in one': chatHead(`${length}, 0`) + CHAT + SMUGGLED,
  'a length with a sign': chatHead(`content-length: +${CHAT.length}`) + CHAT + SMUGGLED,
  'a length in hexadecimal': chatHead(`content-length: 0x${CHAT.length.toString(16)}`) + CHAT + SMUGGLED,
  'a coding that only looks chunked': chatHead('transfer-encoding: xchunked') + chunked(CHAT) + SMUGGLED,
  'chunked, but not as the last coding':
    chatHead('transfer-encoding: chunked, identity') + chunked(CHAT) + SMUGGLED,
  'a blank before the colon': chatHead('transfer-encoding : chunked') + chunked(CHAT) + SMUGGLED,
  'a folded line': chatHead('x-folded: a\r\n transfer-encoding: chunked', length) + CHAT + SMUGGLED,
  'a line that ends early': chatHead(`x-a: b\ntransfer-encoding: chunked`, length) + CHAT + SMUGGLED,
  'a carriage return within a line': chatHead(`x-a: b\rtransfer-encoding: chunked`, length) + CHAT + SMUGGLED,
  'a size of chunk that is none': `${chatHead('transfer-encoding: chunked')}-1\r\n${CHAT}\r\n0\r\n\r\n${SMUGGLED}`,
  'a size of chunk that overflows': `${chatHead('transfer-encoding: chunked')}10000000000000000\r\n${CHAT}\r\n0\r\n\r\n${SMUGGLED}`,
}

for (const [name, bytes] of Object.entries(AMBIGUOUS)) {
  test(`${name}: it is refused, and nothing after it is taken for a request`, async (t) => {
    const { length: heard } = house.simulator.calls
    const { statuses, text } = await speak(t, house.chatUrl, bytes)
    assert.deepEqual(statuses, [400], text)
    assert.match(text, /connection: close/i)
    assert.equal(house.simulator.calls.length, heard, 'an upstream has heard of it')
  })
}

test('two whole requests on one connection are answered separately and in order', async (t) => {
  const closing = SMUGGLED.replace('\r\n\r\n', '\r\nconnection: close\r\n\r\n')
  const { statuses } = await speak(t, house.chatUrl, chatHead(length) + CHAT + closing, { end: false })
  assert.deepEqual(statuses, [200, 200])
})

test('the upstream receives one request with one length, whatever transfer codings the client used', async (t) => {
  const { length: heard } = house.simulator.calls
  const head = chatHead('transfer-encoding: chunked', 'connection: close', 'te: trailers', 'trailer: x-late')
  const { statuses } = await speak(
    t,
    house.chatUrl,
    `${head}${CHAT.length.toString(16)}\r\n${CHAT}\r\n0\r\nx-late: yes\r\n\r\n`,
    { end: false },
  )
  assert.deepEqual(statuses, [200])
  const [call, ...others] = house.simulator.calls.slice(heard)
  assert.deepEqual(others, [])
  const { headers } = call ?? {}
  assert.equal(Number(headers?.['content-length']), call?.body.length)
  for (const name of ['transfer-encoding', 'te', 'trailer', 'x-late'])
    assert.equal(headers?.[name], undefined)
})
