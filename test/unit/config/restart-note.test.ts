import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { loadConfig } from '../../../src/config/load.ts'
import { processSettings } from '../../../src/config/process-settings.ts'
import { restartNote } from '../../../src/config/restart-note.ts'
import { directory } from './sample.ts'

const BASE = `upstreams: { openai: { base_url: https://api.openai.com/v1, api_key: k } }
routes: { stem_reasoning: [gpt-4o], factual_recall: [gpt-4o], language_heavy: [gpt-4o] }
`

test('changes that wait for a restart are listed by key, never by value', (t) => {
  const file = join(directory(t), 'trivium.yaml')
  const read = (more: string) => {
    writeFileSync(file, BASE + more)
    return processSettings(loadConfig(file, {}))
  }
  const started = read('server: { admin_token: the-first-token-of-all }\nstore: { sqlite: a.db }\n')
  const loaded = read(
    'server: { admin_token: another-token-that-leaked, listen: "[::1]:1" }\nstore: { sqlite: b.db }\nlog: { level: warn }\n',
  )
  const note = restartNote(started, loaded)
  assert.deepEqual(note, {
    waits_for_restart: ['server.listen', 'server.admin_token', 'store.sqlite', 'log.level'],
  })
})

test('changes that a reload applies are not listed', (t) => {
  const file = join(directory(t), 'trivium.yaml')
  const read = (more: string) => {
    writeFileSync(file, BASE + more)
    return processSettings(loadConfig(file, {}))
  }
  const people = 'server: { people: [{ name: a, role: viewer, sha256: "'
  const [one, other] = ['0', '1'].map((digit) => read(`${people}${digit.repeat(64)}" }] }\n`))
  assert.ok(one !== undefined && other !== undefined)
  assert.deepEqual(restartNote(one, other), {})
})
