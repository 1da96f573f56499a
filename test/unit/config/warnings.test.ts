import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { formatProblem } from '../../../src/config/file/config-error.ts'
import { loadConfig } from '../../../src/config/load.ts'
import { compileRuntime } from '../../../src/config/runtime.ts'
import { warningsOf } from '../../../src/config/warnings.ts'
import { anyClassifier, sample, write } from './sample.ts'

const sha = 'a'.repeat(64)
const keyed = `keys: [{ id: k, sha256: ${sha} }]`

function warnings(t: TestContext, more: string, day: string): string {
  const config = loadConfig(write(t, sample(more)), {})
  const found = warningsOf(config, compileRuntime(config, anyClassifier), Date.parse(day))
  return found.map(formatProblem).join('\n')
}

test('warns of models that are retired or will be within sixty days, and names a successor', (t) => {
  const told = warnings(t, `teams: { a: { ${keyed} } }`, '2026-11-22')
  assert.match(
    told,
    /:4: routes\.stem_reasoning\[0\]: o1-mini left the vendor’s API on 2025-10-27; .* gpt-5\.6-terra$/m,
  )
  assert.match(
    told,
    /:6: routes\.language_heavy\[0\]: gpt-4o leaves the vendor’s API in 53 days, on 2027-01-14/,
  )
  assert.doesNotMatch(warnings(t, `teams: { a: { ${keyed} } }`, '2026-11-01'), /gpt-4o leaves/)
})

test('warns of a route to a model that does not serve chat requests', (t) => {
  const file = write(
    t,
    sample(`teams: { a: { ${keyed} } }`).replace('[gpt-4o-mini]', '[text-embedding-3-small]'),
  )
  const config = loadConfig(file, {})
  const found = warningsOf(config, compileRuntime(config, anyClassifier), Date.parse('2026-11-22'))
  assert.match(
    found.map(formatProblem).join('\n'),
    /routes\.factual_recall\[0\]: .* does not serve chat requests/,
  )
})

test('warns of a budget over a model without a price', (t) => {
  const text = `models: { free: { upstream: openai, context: 9000, max_output: 900, capabilities: [stream] } }
teams: { a: { budgets: [{ usd: 1, per: day }], ${keyed} } }
`
  const file = write(t, sample(text).replace('[gpt-4o-mini]', '[free]'))
  const config = loadConfig(file, {})
  const found = warningsOf(config, compileRuntime(config, anyClassifier), Date.parse('2026-11-22'))
  const told = found.map(formatProblem).join('\n')
  assert.match(told, /:8: teams\.a\.budgets: free has no price, so it is never used where a budget applies/)
})

test('warns of no teams, no keys, expired keys, or a route emptied by an allow-list', (t) => {
  const day = '2026-11-22'
  assert.match(warnings(t, '', day), /no teams, so every request is refused/)
  assert.match(
    warnings(t, 'teams: { a: {} }', day),
    /:7: teams\.a: has no key; create one with: trivium keys create --team a/,
  )
  const expired = `teams: { a: { keys: [{ id: k, sha256: ${sha}, expires: 2026-01-01 }] } }`
  assert.match(warnings(t, expired, day), /keys\[0\]\.expires: key k expired on 2026-01-01/)
  const narrow = `teams: { a: { models: [gpt-4o], ${keyed} } }`
  assert.match(warnings(t, narrow, day), /teams\.a\.models: allows no model of route factual_recall/)
})

test('warns when prices have not been compared for a long time', (t) => {
  assert.match(
    warnings(t, `teams: { a: { ${keyed} } }`, '2027-06-01'),
    /checked: prices were last compared .* days ago/,
  )
  assert.doesNotMatch(warnings(t, `teams: { a: { ${keyed} } }`, '2026-11-22'), /compared/)
})

test('warns of a guessable admin token where other machines can reach the admin plane', (t) => {
  const warned = (admin: string, token: string) =>
    warnings(
      t,
      `teams: { a: { ${keyed} } }\nserver: { admin: ${admin}, admin_token: ${token} }`,
      '2026-11-22',
    )
  assert.match(warned('0.0.0.0:8081', 'letmein'), /:8: server\.admin_token: shorter than 16 characters/)
  assert.doesNotMatch(warned('0.0.0.0:8081', 'letmein'), /letmein/)
  assert.doesNotMatch(warned('127.0.0.1:8081', 'letmein'), /admin_token/)
  assert.doesNotMatch(warned('0.0.0.0:8081', 'sixteen-letters-'), /admin_token/)
})
