import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keyEndpoints } from '../../../src/admin/api/key-endpoints.ts'
import { TeamSettings } from '../../../src/config/schema/team-schema.ts'
import type { Workshop } from '../../../src/operations/workshop.ts'
import { asAdmin, serverOf } from '../../support/admin-api.ts'

const KEY = { id: 'ci', sha256: 'a'.repeat(64) }
const DONE = {
  createKey: { team: 'research', id: 'new', key: 'sk-new', expires: null },
  rotateKey: { team: 'research', id: 'ci', key: 'sk-ci' },
  revokeKey: true,
}

// Somebody may break the file after it was checked. "revoked": true was all that was said then.
test('a secret that goes on serving is not said to have stopped, and the audit says what was done', async (t) => {
  const noted: string[] = []
  let why: string | undefined = '/etc/trivium/trivium.yaml:3: sever: unknown key'
  const app = serverOf(
    keyEndpoints({
      teams: () => ({ research: TeamSettings.parse({ keys: [KEY] }) }),
      workshop: { run: (async (kind: keyof typeof DONE) => DONE[kind]) as Workshop['run'] },
      reload: async () => why,
      audit: { note: async ({ action }) => void noted.push(action), linesBefore: async () => [] },
      now: Date.now,
      report: assert.ifError,
    }),
  )
  t.after(() => app.close())
  const url = '/api/teams/research/keys'
  const asked = [
    { method: 'POST', url, payload: {} },
    { method: 'POST', url: `${url}/ci/rotate`, payload: { grace_seconds: 60 } },
    { method: 'POST', url: `${url}/ci/rotate`, payload: { grace_seconds: 0 } },
    { method: 'DELETE', url: `${url}/ci` },
  ] as const
  const answers = async () => {
    const all = await Promise.all(asked.map((one) => app.inject({ ...one, headers: asAdmin })))
    return all.map(({ statusCode, body }) => [statusCode, JSON.parse(body).error?.message])
  }
  const refused = [
    409,
    'Written, but the secret goes on serving until the configuration is mended: trivium.yaml:3: sever: unknown key',
  ]
  assert.deepEqual(await answers(), [[201, undefined], [201, undefined], refused, refused])
  why = undefined
  assert.deepEqual(
    (await answers()).map(([status]) => status),
    [201, 201, 201, 200],
  )
  const all = ['key_created', 'key_revoked', 'key_rotated', 'key_rotated']
  assert.deepEqual(noted.toSorted(), [...all, ...all].toSorted())
})
