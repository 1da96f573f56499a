import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asJson, forwardable, presentable } from '../../../src/upstream/headers.ts'

test('headers between client and proxy are not forwarded', () => {
  const headers = {
    host: 'proxy',
    authorization: 'Bearer sk-client',
    'api-key': 'sk-client',
    cookie: 'a=b',
    connection: 'keep-alive, x-hop',
    'x-hop': '1',
    'accept-encoding': 'gzip',
    'content-length': '7',
    'transfer-encoding': 'chunked',
    'x-forwarded-for': '10.0.0.1',
    'x-real-ip': '10.0.0.1',
    'true-client-ip': '10.0.0.1',
    'x-azure-clientip': '10.0.0.1',
    'x-original-forwarded-for': '10.0.0.1',
    'x-trivium-route': 'off',
    'openai-organization': 'org-client',
    'content-type': 'application/json',
    'user-agent': 'OpenAI/JS 7.57.0',
    'x-stainless-retry-count': '0',
    'idempotency-key': 'k',
  }
  assert.deepEqual(forwardable(headers, false), {
    'content-type': 'application/json',
    'user-agent': 'OpenAI/JS 7.57.0',
    'x-stainless-retry-count': '0',
    'idempotency-key': 'k',
  })
  assert.equal(forwardable(headers, true)['openai-organization'], 'org-client')
})

test('headers between proxy and upstream are not passed to the client', () => {
  const headers = {
    'content-type': 'application/json',
    'set-cookie': '__cf_bm=1',
    'alt-svc': 'h3',
    'strict-transport-security': 'max-age=1',
    'transfer-encoding': 'chunked',
    'content-length': '7',
    'openai-organization': 'org-ours',
    'openai-project': 'proj-ours',
    'openai-processing-ms': '12',
    'x-request-id': 'req_theirs',
  }
  assert.deepEqual(presentable(headers, false), [
    'content-type',
    'application/json',
    'openai-processing-ms',
    '12',
    'x-upstream-request-id',
    'req_theirs',
  ])
})

test('headers that identify the upstream account are shown only to its owner', () => {
  const headers = {
    'openai-organization': 'org-1',
    'openai-project': 'proj-1',
    'anthropic-organization-id': 'org-2',
    'openai-version': '2020-10-01',
    'x-ratelimit-limit-requests': '10',
  }
  const shared = ['openai-version', '2020-10-01', 'x-ratelimit-limit-requests', '10']
  assert.deepEqual(presentable(headers, false), shared)
  assert.deepEqual(presentable(headers, true), Object.entries(headers).flat())
})

test('a JSON body gets a JSON content type, unless it already has one', () => {
  const named = (type: string) => {
    const headers = { 'content-type': type }
    asJson(headers)
    return headers['content-type']
  }
  for (const type of ['application/json', 'application/json ; charset="UTF-8" ', 'application/vnd.x+json']) {
    assert.equal(named(type), type)
  }
  for (const type of ['text/plain', 'application/json; charset=utf-16', 'application/json;']) {
    assert.equal(named(type), 'application/json')
  }
  // A quadratic search through the spaces would not finish.
  assert.equal(named(`application/json${' '.repeat(2_000_000)}x`), 'application/json')
})
