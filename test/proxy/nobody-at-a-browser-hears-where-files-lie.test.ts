import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { Tuning } from '../../src/admin/api/answers/tuning.ts'
import { Manifest } from '../../src/tuning/manifest.ts'
import { ADMIN_TOKEN, person } from '../support/admin-api.ts'
import { type Answered, askingAs, refusalIn } from '../support/api-client.ts'
import { rulesDeciding } from '../support/candidates.ts'
import { openHouse } from '../support/house.ts'

const server = {
  listen: '127.0.0.1:0',
  admin: '127.0.0.1:0',
  drain: '200ms',
  admin_token: ADMIN_TOKEN,
  people: [person('ada', 'admin')],
}

async function withCandidate(t: TestContext) {
  const house = await openHouse(t, { settings: { server } })
  const ada = askingAs(house.adminUrl, 'ada-token')
  const made = await ada('POST', '/api/tuning/candidates', {
    rules: rulesDeciding('moby-dick', 'stem_reasoning'),
  })
  const { version } = Manifest.parse(made.json)
  const folder = dirname(house.config)
  const told = (answered: Answered, code: string, words: RegExp) => {
    const refused = refusalIn(answered)
    assert.deepEqual([answered.status, refused.code], [409, code], refused.message)
    assert.match(refused.message, words)
    assert.doesNotMatch(JSON.stringify(answered.json), new RegExp(folder.slice(1)))
  }
  return { house, ada, version, folder, told }
}

// Refusals used to reveal the server's folders to the browser.
test('an unreadable candidate is reported by its path below the candidates folder only', async (t) => {
  const { ada, version, folder, told } = await withCandidate(t)
  writeFileSync(join(folder, 'candidates', version, 'manifest.json'), '{}')
  const words = new RegExp(`^${version}/manifest\\.json: is not a candidate manifest`)
  const listed = Tuning.parse((await ada('GET', '/api/tuning')).json)
  assert.deepEqual(listed.candidates, [])
  assert.match(listed.unreadable.join('\n'), words)
  told(await ada('GET', `/api/tuning/candidates/${version}`), 'tuning_refused', words)
  told(await ada('POST', '/api/tuning/promote', { version }), 'tuning_refused', words)
  told(await ada('POST', '/api/tuning/shadow', { version }), 'tuning_refused', words)
})

test('missing rules and an invalid configuration are reported without the server’s folders', async (t) => {
  const { house, ada, version, folder, told } = await withCandidate(t)
  rmSync(join(folder, 'candidates', version, 'rules.yaml'))
  const gone = new RegExp(`${version}/rules\\.yaml: no such file`)
  told(await ada('GET', `/api/tuning/candidates/${version}`), 'tuning_refused', gone)
  told(await ada('POST', '/api/tuning/promote', { version }), 'candidate_refused', gone)

  writeFileSync(house.config, 'upstreams: []\n')
  const wrong = /^trivium\.yaml:1: upstreams: /
  told(await ada('POST', '/api/tuning/promote', { version }), 'configuration_refused', wrong)
  told(await ada('POST', '/api/tuning/rollback', {}), 'configuration_refused', wrong)
})
