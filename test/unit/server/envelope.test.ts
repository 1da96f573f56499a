import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { Failure, FailureCode } from '../../../src/base/failure.ts'
import { fromUsd } from '../../../src/base/money.ts'
import { answerTo } from '../../../src/server/envelope.ts'

const budget = {
  scope: 'team:research/day',
  team: 'research',
  limit: fromUsd(50),
  spent: fromUsd(49.9),
  held: fromUsd(0.05),
  resetsAt: Date.UTC(2026, 10, 23),
}

/** One failure of each code: a code without one does not compile. */
const samples: { readonly [C in FailureCode]: Extract<Failure, { code: C }> } = {
  invalid_api_key: { code: 'invalid_api_key', reason: 'unknown' },
  invalid_json: { code: 'invalid_json', detail: 'the body is empty' },
  invalid_request: { code: 'invalid_request', detail: "'messages' must be a list", param: 'messages' },
  expectation_failed: { code: 'expectation_failed', expectation: 'a miracle' },
  body_too_large: { code: 'body_too_large', limitBytes: 20 },
  unknown_url: { code: 'unknown_url', method: 'GET', path: '/v1/nothing' },
  method_not_allowed: { code: 'method_not_allowed', method: 'PUT', path: '/embeddings', allow: ['POST'] },
  endpoint_not_allowed: { code: 'endpoint_not_allowed', endpoint: 'chat', team: 'research' },
  model_not_found: { code: 'model_not_found', model: 'gpt-9' },
  previous_response_not_found: { code: 'previous_response_not_found', id: 'resp_1' },
  object_not_found: { code: 'object_not_found', id: 'chatcmpl-1' },
  no_capable_model: { code: 'no_capable_model', reasons: ['o1-mini: no tools'], param: 'tools' },
  context_length_exceeded: { code: 'context_length_exceeded', promptTokens: 900_000, context: 128_000 },
  insufficient_quota: { code: 'insufficient_quota', ...budget },
  budget_held: { code: 'budget_held', ...budget },
  rate_limit_exceeded: {
    code: 'rate_limit_exceeded',
    scope: 'team:research',
    kind: 'tokens',
    limit: 9,
    retryAfterMs: 90_000,
  },
  request_too_large: { code: 'request_too_large', scope: 'team:research', limit: 9, need: 10 },
  upstream_unreachable: { code: 'upstream_unreachable', target: 'gpt-4o', detail: 'ECONNREFUSED' },
  upstream_timeout: { code: 'upstream_timeout', target: 'gpt-4o', phase: 'idle', afterMs: 60_000 },
  upstream_broken: { code: 'upstream_broken', target: 'gpt-4o', detail: 'ECONNRESET' },
  upstream_unavailable: { code: 'upstream_unavailable', target: 'gpt-4o', retryAfterMs: 2000 },
  upstream_locked_out: { code: 'upstream_locked_out', target: 'gpt-4o', status: 401 },
  out_of_sockets: { code: 'out_of_sockets', target: 'gpt-4o', detail: 'EMFILE' },
  store_unavailable: { code: 'store_unavailable', detail: 'disk full' },
  draining: { code: 'draining' },
  internal_error: { code: 'internal_error' },
  client_left: { code: 'client_left' },
}

test('the answer to a request for an unconfigured model says where to configure it', () => {
  const told = [
    answerTo({ ...samples.no_capable_model, unlisted: 'gpt-9' }),
    answerTo({ ...samples.model_not_found, isUnlisted: true }),
  ]
  for (const { error } of told) assert.match(error.message, /`gpt-9`.*`models:`/)
  for (const code of ['no_capable_model', 'model_not_found'] as const) {
    assert.doesNotMatch(answerTo(samples[code]).error.message, /models:/)
  }
})

const answers = Object.values(samples).map((failure) => answerTo(failure))

function headersOf({ headers }: { readonly headers: readonly string[] }): ReadonlyMap<string, string> {
  return new Map(
    headers.flatMap((name, index) => (index % 2 === 0 ? [[name, headers[index + 1] ?? '']] : [])),
  )
}

test('rows, logs and metrics record a failure under the code that its client gets', () => {
  for (const [code, failure] of Object.entries(samples)) assert.equal(answerTo(failure).error.code, code)
})

test('docs/errors.md lists every code with its status and type, and no other', () => {
  const rows = readFileSync('docs/errors.md', 'utf8').matchAll(/^\| `(\w+)` \| (\d+) \| `(\w+)` \|/gm)
  const documented = [...rows].map(([, code, status, type]) => `${code} ${status} ${type}`)
  const actual = answers.map(({ status, error }) => `${error.code} ${status} ${error.type}`)
  assert.deepEqual(documented.toSorted(), actual.toSorted())
})

test('every answer has the four keys of the envelope and a sentence for people', () => {
  for (const { error } of answers) {
    assert.deepEqual(Object.keys(error).slice(0, 4), ['message', 'type', 'param', 'code'])
    assert.match(error.message, /^\S.*[.]$/s)
  }
})

test('no answer tells a client to wait longer than a minute', () => {
  for (const answer of answers) {
    const headers = headersOf(answer)
    assert.ok(Number(headers.get('retry-after-ms') ?? 0) <= 60_000)
    assert.ok(Number(headers.get('retry-after') ?? 0) <= 60)
  }
})

test('an exhausted budget is reported in headers, type and metadata, and must not be retried', () => {
  const answer = answerTo(samples.insufficient_quota)
  assert.equal(headersOf(answer).get('x-should-retry'), 'false')
  assert.equal(answer.error.type, 'insufficient_quota')
  assert.deepEqual(answer.error.metadata, {
    scope: 'team:research/day',
    team: 'research',
    limit_usd: 50,
    spent_usd: 49.9,
    held_usd: 0.05,
    resets_at: '2026-11-23T00:00:00.000Z',
  })
})
