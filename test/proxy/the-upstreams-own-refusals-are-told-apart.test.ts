import assert from 'node:assert/strict'
import { test } from 'node:test'
import OpenAI from 'openai'
import { askWhole } from '../support/client.ts'
import { openHouse } from '../support/house.ts'
import { chatBody, startWritten } from '../support/written-upstream.ts'

const LOCKED = [
  [
    401,
    {
      message: 'Incorrect API key provided: sk-real',
      type: 'invalid_request_error',
      param: null,
      code: 'invalid_api_key',
    },
  ],
  [
    403,
    { message: 'Country not supported', type: 'request_forbidden', param: null, code: 'unsupported_country' },
  ],
  [
    429,
    {
      message: 'You exceeded your current quota',
      type: 'insufficient_quota',
      param: null,
      code: 'insufficient_quota',
    },
  ],
] as const

for (const [status, error] of LOCKED) {
  test(`${status} ${error.code} concerns the proxy’s own account and becomes a 502 without retries`, async (t) => {
    const upstream = await startWritten(t, (response) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error }))
    })
    const house = await openHouse(t, { upstream: { base_url: upstream.baseUrl } })
    const answer = await askWhole(house.chatUrl, { body: chatBody() })
    assert.equal(answer.status, 502)
    assert.match(answer.text(), /"code": "upstream_locked_out"/)
    assert.doesNotMatch(answer.text(), /sk-real/)
    assert.equal(answer.headers['x-should-retry'], 'false')
    assert.equal(upstream.count, 1)
    assert.equal((await house.row(answer.headers['x-request-id'])).cost_nusd, 0)
  })
}

test('with passthrough keys, a refused key is reported to the client', async (t) => {
  const house = await openHouse(t, {
    settings: { auth: 'passthrough', teams: { default: {} } },
    simulator: { apiKey: 'sk-right' },
  })
  const wrong = await askWhole(house.chatUrl, { body: chatBody(), key: 'sk-wrong' })
  assert.equal(wrong.status, 401)
  assert.match(wrong.text(), /"code": "invalid_api_key"/)
  assert.equal((await askWhole(house.chatUrl, { body: chatBody(), key: 'sk-right' })).status, 200)
})

for (const [said, told] of [
  ['1200', '60'],
  ['7', '7'],
  ['0', '0'],
  ['Wed, 21 Oct 2099 07:28:00 GMT', '60'],
] as const) {
  test(`retry-after: ${said} becomes ${told}, since some clients obey any value`, async (t) => {
    const upstream = await startWritten(t, (response) => {
      const headers = { 'content-type': 'application/json', 'retry-after': said }
      response.writeHead(503, headers).end('{"error":{"message":"busy","type":"x","param":null,"code":null}}')
    })
    const house = await openHouse(t, { upstream: { base_url: upstream.baseUrl, retries: 0 } })
    const answer = await askWhole(house.chatUrl, { body: chatBody() })
    assert.deepEqual([answer.status, answer.headers['retry-after']], [503, told])
  })
}

test('a request too large for the upstream’s limit is not retried by proxy or client', async (t) => {
  const error = { message: 'Request too large for gpt-4o', type: 'tokens', code: 'rate_limit_exceeded' }
  const upstream = await startWritten(t, (response) => {
    response.writeHead(429, { 'content-type': 'application/json' }).end(JSON.stringify({ error }))
  })
  const house = await openHouse(t, { upstream: { base_url: upstream.baseUrl } })
  const client = new OpenAI({ baseURL: house.baseUrl, apiKey: 'sk-test' })
  await assert.rejects(client.post('/chat/completions', { body: chatBody() }), OpenAI.RateLimitError)
  assert.equal(upstream.count, 1)
})

test('HTML pages with status 200 open the circuit breaker like other failures', async (t) => {
  const upstream = await startWritten(t, (response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Please log in</html>')
  })
  const house = await openHouse(t, { upstream: { base_url: upstream.baseUrl } })
  for (let time = 0; time < 5; time += 1) {
    assert.equal((await askWhole(house.chatUrl, { body: chatBody() })).status, 502)
  }
  assert.match((await askWhole(house.chatUrl, { body: chatBody() })).text(), /"code": "upstream_unavailable"/)
  assert.equal(upstream.count, 5)
})

test('a gateway’s HTML error page becomes a JSON error', async (t) => {
  const house = await openHouse(t, { upstream: { retries: 0 } })
  house.simulator.follow(() => ({ fault: { kind: 'html', code: 520 } }))
  const answer = await askWhole(house.chatUrl, { body: chatBody() })
  assert.equal(answer.status, 520)
  assert.match(String(answer.headers['content-type']), /^application\/json/)
  assert.match(answer.text(), /"code": "upstream_broken"/)
  assert.doesNotMatch(answer.text(), /<html>/)
  assert.equal((await house.row(answer.headers['x-request-id'])).error_code, 'upstream_520')
})

test('headers about the upstream’s edge or account are removed, those about the answer are kept', async (t) => {
  const house = await openHouse(t)
  const answer = await askWhole(house.chatUrl, { body: chatBody() })
  const { headers } = answer
  for (const name of ['set-cookie', 'alt-svc', 'strict-transport-security', 'openai-organization'])
    assert.equal(headers[name], undefined)
  assert.equal(headers['openai-version'], '2020-10-01')
  assert.match(String(headers['x-upstream-request-id']), /^req_/)
  assert.notEqual(headers['x-upstream-request-id'], headers['x-request-id'])
  const sent = house.simulator.calls[0]?.headers
  assert.equal(sent?.authorization, 'Bearer sk-simulated')
  for (const name in sent) assert.doesNotMatch(String(sent[name]), /sk-test/)
})
