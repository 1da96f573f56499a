import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openHouse } from '../support/house.ts'
import { startWritten } from '../support/written-upstream.ts'
import { chatHead, speak } from './raw.ts'

const house = await openHouse({ after }, { team: { endpoints: ['chat', 'models', 'files', 'other'] } })
const INJECTED = 'x\r\nset-cookie: owned=1\r\n\r\n<script>'

function chat(fields: object, ...lines: readonly string[]): string {
  const body = JSON.stringify({ model: 'auto', messages: [{ role: 'user', content: 'Hello' }], ...fields })
  return chatHead('connection: close', `content-length: ${Buffer.byteLength(body)}`, ...lines) + body
}

/** The head only: what a client parses as header fields. */
function headsOf(text: string): string {
  return text.split('\r\n\r\n').slice(0, 1).join('')
}

const ATTEMPTS: Readonly<Record<string, string>> = {
  'a model': chat({ model: INJECTED }),
  'a pinned model': chat({ model: `trivium/pin:${INJECTED}` }),
  'a user': chat({ user: INJECTED }),
  'an effort': chat({ model: 'o1-mini', reasoning_effort: INJECTED }),
  'a tier': chat({ service_tier: INJECTED }),
  'a field nobody knows': chat({ [INJECTED]: INJECTED }),
  'a path': `GET /v1/files/${encodeURIComponent(INJECTED)} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer sk-test\r\nconnection: close\r\n\r\n`,
  'a query': `GET /v1/files?after=${encodeURIComponent(INJECTED)} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer sk-test\r\nconnection: close\r\n\r\n`,
}

for (const [where, bytes] of Object.entries(ATTEMPTS)) {
  test(`${where} with line breaks in it adds no header to the answer or to the upstream request`, async (t) => {
    const { length: heard } = house.simulator.calls
    const { text, statuses } = await speak(t, house.chatUrl, bytes, { end: false })
    assert.equal(statuses.length, 1)
    assert.doesNotMatch(headsOf(text), /set-cookie|owned/i)
    for (const { headers } of house.simulator.calls.slice(heard))
      assert.equal(headers['set-cookie'], undefined)
  })
}

test('a client header with control bytes is refused', async (t) => {
  const { statuses } = await speak(t, house.chatUrl, chat({}, 'x-trivium-route: gpt-4o\x00\x1b[2J'), {
    end: false,
  })
  assert.deepEqual(statuses, [400])
})

test('an upstream cannot set the proxy’s own headers, set a cookie or smuggle in hop-by-hop headers', async (t) => {
  const upstream = await startWritten(t, (response) => {
    response.socket?.end(
      [
        'HTTP/1.1 200 OK',
        'content-type: application/json',
        'x-trivium-cost-usd: 0',
        'x-trivium-budget-remaining-usd: 1000000',
        'set-cookie: owned=1',
        'x-request-id: req_forged',
        'connection: x-hidden',
        'x-hidden: 1',
        'content-length: 2',
        '',
        '{}',
      ].join('\r\n'),
    )
  })
  const other = await openHouse(t, { upstream: { base_url: upstream.baseUrl, retries: 0 } })
  const { text } = await speak(t, other.chatUrl, chat({ model: 'trivium/pin:gpt-4o' }), { end: false })
  const head = headsOf(text)
  assert.doesNotMatch(head, /owned|x-hidden|1000000|^x-request-id: req_forged/im)
})
