import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadConfig } from '../../../src/config/load.ts'
import { compileRuntime } from '../../../src/config/runtime.ts'
import { anyClassifier, problemsOf, sample, write } from './sample.ts'

const HASH = 'ab'.repeat(32)

function compiled(t: Parameters<typeof write>[0], more: string) {
  return compileRuntime(loadConfig(write(t, sample(more)), {}), anyClassifier)
}

test('a team’s capture setting overrides the global one, and by default nothing is kept', (t) => {
  const team = (own: string) => `teams: { a: { ${own}keys: [ { id: k, sha256: "${HASH}" } ] } }\n`
  const modeOf = (more: string) => compiled(t, more).keyOf(HASH)?.team.capture
  assert.equal(modeOf(team('')), 'none')
  assert.equal(modeOf(`${team('')}capture: { prompts: features }`), 'features')
  assert.equal(modeOf(`${team('capture: none, ')}capture: { prompts: full }`), 'none')
  assert.equal(modeOf(team('capture: excerpt, ')), 'excerpt')
})

test('passthrough requests use the capture setting of team default', (t) => {
  const passing = 'auth: passthrough\nteams: { default: { capture: full } }\n'
  assert.equal(compiled(t, passing).passthroughKey.team.capture, 'full')
})

test('custom patterns are redacted from what is kept, and an invalid one is refused with its line', (t) => {
  const own = (pattern: string) => `capture: { redact: [ { mark: ticket, pattern: '${pattern}' } ] }`
  assert.equal(compiled(t, own('T-\\d+')).redact('see T-12'), 'see [ticket]')
  for (const pattern of ['(', 'a*', '(?=x)y']) {
    const [problem, more] = problemsOf(() => loadConfig(write(t, sample(own(pattern))), {}))
    assert.match(problem ?? '', /^\d+: capture\.redact\[0\]\.pattern: /)
    assert.equal(more, undefined)
  }
})
