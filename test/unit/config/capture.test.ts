import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadConfig } from '../../../src/config/load.ts'
import { compileRuntime } from '../../../src/config/runtime.ts'
import { anyClassifier, problemsOf, sample, write } from './sample.ts'

const HASH = 'ab'.repeat(32)

function compiled(t: Parameters<typeof write>[0], more: string) {
  return compileRuntime(loadConfig(write(t, sample(more)), {}), anyClassifier)
}

test('a team’s own capture counts before the house’s, and nothing is kept where nobody says so', (t) => {
  const team = (own: string) => `teams: { a: { ${own}keys: [ { id: k, sha256: "${HASH}" } ] } }\n`
  const modeOf = (more: string) => compiled(t, more).keyOf(HASH)?.team.capture
  assert.equal(modeOf(team('')), 'none')
  assert.equal(modeOf(`${team('')}capture: { prompts: features }`), 'features')
  assert.equal(modeOf(`${team('capture: none, ')}capture: { prompts: full }`), 'none')
  assert.equal(modeOf(team('capture: excerpt, ')), 'excerpt')
})

test('who passes the client’s own key is captured as team default says', (t) => {
  const passing = 'auth: passthrough\nteams: { default: { capture: full } }\n'
  assert.equal(compiled(t, passing).passthroughKey.team.capture, 'full')
})

test('own patterns are taken out of what is kept; one that is none is refused with its line', (t) => {
  const own = (pattern: string) => `capture: { redact: [ { mark: ticket, pattern: '${pattern}' } ] }`
  assert.equal(compiled(t, own('T-\\d+')).redact('see T-12'), 'see [ticket]')
  for (const pattern of ['(', 'a*', '(?=x)y']) {
    const [problem, more] = problemsOf(() => loadConfig(write(t, sample(own(pattern))), {}))
    assert.match(problem ?? '', /^\d+: capture\.redact\[0\]\.pattern: /)
    assert.equal(more, undefined)
  }
})
