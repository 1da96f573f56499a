import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadConfig } from '../../../src/config/load.ts'
import { processSettings } from '../../../src/config/process-settings.ts'
import { budgetsOf } from '../../../src/config/teams.ts'
import { problemsOf, sample, write } from './sample.ts'

const SECRET = 'sixteen-letters-or-more'

test('a webhook and its secret can come from the environment', (t) => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what people write in the file.
  const more = 'alerts: { webhook: "https://hooks.example.com/${PLACE}", secret: "${SECRET}" }\n'
  const config = loadConfig(write(t, sample(more)), { PLACE: 'x', SECRET })
  assert.deepEqual(processSettings(config).webhook, { url: 'https://hooks.example.com/x', secret: SECRET })
})

test('a webhook is optional, and a secret alone is accepted', (t) => {
  for (const more of ['', 'alerts:\n', `alerts: { secret: ${SECRET} }\n`]) {
    assert.equal(processSettings(loadConfig(write(t, sample(more)), {})).webhook, undefined)
  }
})

test('invalid webhook settings are refused without printing a secret', (t) => {
  const refused = [
    ['{ webhook: "https://hooks.example.com/x" }', /alerts\.secret: a webhook needs a secret/],
    [`{ webhook: "ftp://hooks.example.com", secret: ${SECRET} }`, /alerts\.webhook: expected an http/],
    [`{ webhook: "https://me:pw@hooks.example.com", secret: ${SECRET} }`, /alerts\.webhook: .*user name/],
    ['{ webhook: "https://hooks.example.com", secret: short }', /alerts\.secret: expected at least 16/],
    ['{ webhok: "https://hooks.example.com" }', /alerts\.webhok: unknown key; did you mean "webhook"/],
  ] as const
  for (const [alerts, message] of refused) {
    const [problem = ''] = problemsOf(() => loadConfig(write(t, sample(`alerts: ${alerts}\n`)), {}))
    assert.match(problem, message)
    assert.doesNotMatch(problem, /short|pw|sixteen/)
  }
})

test('team and key budgets use the team’s alert thresholds, in the order of the file', (t) => {
  const more = `teams:
  research:
    alert_at: [0.5]
    budgets: [{ usd: 5, per: month }]
    keys: [{ id: ci, sha256: ${'a'.repeat(64)}, budgets: [{ usd: 1, per: day }] }]
  sales: { budgets: [{ usd: 1, per: total }] }
`
  const { settings } = loadConfig(write(t, sample(more)), {})
  assert.deepEqual(
    budgetsOf(settings.teams).map(({ id, alertAt }) => [id, alertAt]),
    [
      ['team:research/month', [0.5]],
      ['key:research/ci/day', [0.5]],
      ['team:sales/total', [0.8, 0.95]],
    ],
  )
})
