import assert from 'node:assert/strict'
import { test } from 'node:test'
import { requestId } from '../../../src/base/ids.ts'
import type { Closing } from '../../../src/ledger/row.ts'
import { RequestLog } from '../../../src/telemetry/request-log.ts'
import type { RequestLogSettings } from '../../../src/telemetry/settings.ts'
import { closing, trip } from './samples.ts'

const AT = Date.UTC(2026, 10, 22)

function linesOf(
  settings: RequestLogSettings,
  ends: readonly Partial<Closing>[],
  { leastLevel = 30, random = 0.5 } = {},
): readonly Record<string, unknown>[] {
  const written: string[] = []
  const lines = { write: (line: string) => void written.push(line) }
  const log = new RequestLog({ settings, leastLevel, lines, now: () => AT, random: () => random })
  const asked = { ...trip({}), id: requestId(AT), stream: false, requestedModel: 'auto', trace: undefined }
  for (const end of ends) log.write(asked, closing(end))
  for (const line of written) assert.match(line, /^[^\n]*\n$/)
  return written.map((line) => JSON.parse(line) as Record<string, unknown>)
}

const ENDS: readonly Partial<Closing>[] = [
  { outcome: 'ok' },
  { outcome: 'client_left', status: 499 },
  { outcome: 'refused', status: 429, errorCode: 'insufficient_quota', target: null, inputTokens: null },
  { outcome: 'upstream_error', status: 502 },
  { outcome: 'broken' },
  { outcome: 'refused', status: 503, errorCode: 'store_unavailable' },
]
const all = { requests: 'all', sample: 1 } as const

test('the level of a log line follows the severity of the outcome', () => {
  assert.deepEqual(
    linesOf(all, ENDS).map(({ level }) => level),
    [30, 30, 40, 40, 40, 50],
  )
  assert.equal(linesOf(all, ENDS, { leastLevel: 40 }).length, 4)
})

test('settings choose lines for all requests, failures only, a sample of successes, or none', () => {
  const outcomes = (settings: RequestLogSettings, random?: number) =>
    linesOf(settings, ENDS, random === undefined ? {} : { random }).map(({ outcome }) => outcome)
  const wrong = ENDS.slice(1).map(({ outcome }) => outcome)
  assert.deepEqual(outcomes({ requests: 'errors', sample: 1 }), wrong)
  assert.deepEqual(outcomes({ requests: 'none', sample: 1 }), [])
  assert.deepEqual(outcomes({ requests: 'all', sample: 0.1 }, 0.5), wrong)
  assert.deepEqual(outcomes({ requests: 'all', sample: 0.1 }, 0.05), ['ok', ...wrong])
})

test('a line has the common fields of the log and leaves out what is unknown', () => {
  const [ok, , refused] = linesOf(all, ENDS)
  const { pid, hostname, request, ...facts } = ok ?? {}
  assert.equal(pid, process.pid)
  assert.equal(typeof hostname, 'string')
  assert.match(String(request), /^[\w-]+$/)
  assert.deepEqual(facts, {
    level: 30,
    time: AT,
    team: 'research',
    key: 'ci',
    endpoint: 'chat',
    stream: false,
    requested_model: 'auto',
    class: 'language_heavy',
    confidence: 0.9,
    cause: 'model',
    target: 'gpt-4o',
    upstream: 'openai',
    answered_model: 'gpt-4o-2024-08-06',
    attempts: 1,
    status: 200,
    outcome: 'ok',
    input_tokens: 11,
    cached_tokens: 0,
    output_tokens: 7,
    reasoning_tokens: 0,
    usage_source: 'reported',
    cost_nusd: 0,
    ms_to_first_byte: 120,
    ms_total: 480,
    ms_proxy: 0.4,
    msg: 'request',
  })
  assert.equal(refused?.error_code, 'insufficient_quota')
  assert.ok(refused !== undefined && !('target' in refused) && !('input_tokens' in refused))
})
