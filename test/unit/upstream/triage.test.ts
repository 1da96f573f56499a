import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cooldownOf, type Triage, triage, waitBeforeRetry } from '../../../src/upstream/triage.ts'

const cases: readonly [string, number, object | string, Triage, Triage][] = [
  ['a redirect is not followed', 302, '', 'next', 'next'],
  ['a request timeout', 408, '', 'retry', 'retry'],
  ['an overloaded vendor', 503, '<html>', 'retry', 'retry'],
  ['a gateway page', 520, '<html>', 'retry', 'retry'],
  ['the client’s own mistake', 400, { code: 'unsupported_value', param: 'temperature' }, 'answer', 'answer'],
  ['an unknown model on /responses', 400, { code: 'model_not_found' }, 'gone', 'gone'],
  ['a retired model, by its code', 404, { code: 'model_not_found' }, 'gone', 'gone'],
  ['a retired model, by its words', 404, { message: 'The model `x` has been deprecated' }, 'gone', 'gone'],
  ['a missing Azure deployment', 404, { code: 'DeploymentNotFound' }, 'gone', 'gone'],
  ['an unknown path', 404, { message: 'Invalid URL' }, 'answer', 'answer'],
  ['a refused key', 401, { code: 'invalid_api_key' }, 'locked_out', 'answer'],
  ['a spent account', 429, { code: 'insufficient_quota' }, 'locked_out', 'answer'],
  ['a full window', 429, { code: 'rate_limit_exceeded', message: 'Rate limit reached' }, 'retry', 'retry'],
  ['more than any window holds', 429, { message: 'Request too large for gpt-4o' }, 'next', 'next'],
  ['an unprocessable body', 422, '', 'answer', 'answer'],
]

for (const [name, status, error, ours, theirs] of cases) {
  test(`${name} (${status}) means ${ours}`, () => {
    const body = Buffer.from(typeof error === 'string' ? error : JSON.stringify({ error }))
    assert.equal(triage(status, body, false), ours)
    assert.equal(triage(status, body, true), theirs)
  })
}

test('waits as long as the upstream says, and does not retry if that is too long', () => {
  assert.equal(waitBeforeRetry(0, { 'retry-after-ms': '40' }, 0), 40)
  assert.equal(waitBeforeRetry(0, { 'retry-after': '1' }, 0), 1000)
  assert.equal(waitBeforeRetry(0, { 'retry-after': '1200' }, 0), undefined)
})

test('without a hint the wait doubles from a quarter of a second, with jitter', () => {
  assert.deepEqual(
    [0, 1, 2, 9].map((retry) => waitBeforeRetry(retry, {}, 0)),
    [250, 500, 1000, 2000],
  )
  assert.equal(waitBeforeRetry(0, {}, 1), 187.5)
  assert.equal(waitBeforeRetry(0, { 'retry-after': 'Sun, 22 Nov 2026 00:00:00 GMT' }, 0), 250)
})

test('the cooldown of a rate limit comes from a hint or the reset of the exhausted limit', () => {
  const cases: readonly (readonly [Record<string, string>, number | undefined])[] = [
    [{}, undefined],
    [{ 'retry-after': '20' }, 20_000],
    [{ 'retry-after-ms': '4500' }, 4500],
    [{ 'retry-after': '1200' }, 60_000],
    [{ 'retry-after-ms': '300' }, undefined],
    [{ 'retry-after-ms': '', 'retry-after': '30' }, 30_000],
    [{ 'retry-after-ms': '0x10', 'retry-after': '2.5' }, 2500],
    [{ 'retry-after-ms': ' ', 'retry-after': '-3' }, undefined],
    [{ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '8.64s' }, 8640],
    [{ 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '20m52.666s' }, 60_000],
    [{ 'x-ratelimit-remaining-tokens': '7', 'x-ratelimit-reset-tokens': '20s' }, undefined],
    [{ 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': 'soon' }, undefined],
    [{ 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }, undefined],
  ]
  for (const [headers, expected] of cases) assert.equal(cooldownOf(headers), expected)
})

test('a pause until a date is as long as from the answer’s own date, whatever this machine’s clock says', () => {
  const date = 'Wed, 21 Oct 2026 07:28:00 GMT'
  assert.equal(cooldownOf({ date, 'retry-after': 'Wed, 21 Oct 2026 07:28:30 GMT' }), 30_000)
  assert.equal(waitBeforeRetry(0, { date, 'retry-after': 'Wed, 21 Oct 2026 07:28:01 GMT' }, 0), 1000)
  assert.equal(waitBeforeRetry(0, { date, 'retry-after': 'Wed, 21 Oct 2026 07:00:00 GMT' }, 0), 0)
  assert.equal(cooldownOf({ date, 'retry-after': 'Wed, 21 Foo 2026 07:28:30 GMT' }), undefined)
  assert.equal(cooldownOf({ date, 'retry-after': 'tomorrow' }), undefined)
})
