import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse } from 'yaml'
import { hashOf } from '../../../src/admin/api/credential.ts'
import { UsageError } from '../../../src/cli/command.ts'
import { people } from '../../../src/cli/people.ts'
import { loadConfig } from '../../../src/config/load.ts'
import { sample, write } from '../config/sample.ts'
import { capture } from './capture.ts'

// A name such as 123 was printed bare, and the configuration refused it as a number.
for (const name of ['vera', '123', 'null', '1e3', '1.5']) {
  test(`prints a token and an entry for ${name} that the configuration accepts as it is`, async (t) => {
    const io = capture()
    assert.equal(await people.run(['--name', name, '--role', 'viewer'], io), 0)
    const entry =
      io
        .err()
        .split('\n')
        .find((line) => line.startsWith('- ')) ?? ''
    assert.deepEqual(parse(entry), [{ name, role: 'viewer', sha256: hashOf(io.out().trim()) }])
    const { settings } = loadConfig(write(t, sample(`server:\n  people:\n    ${entry}\n`)), {})
    assert.equal(settings.server.people[0]?.name, name)
  })
}

test('two people with the same name or the same token are refused', (t) => {
  const entry = (name: string, sha256: string) => `    - { name: ${name}, role: admin, sha256: ${sha256} }\n`
  const load = (entries: string) => loadConfig(write(t, sample(`server:\n  people:\n${entries}`)), {})
  const [a, b] = ['a'.repeat(64), 'b'.repeat(64)]
  assert.throws(() => load(entry('vera', a) + entry('vera', b)), /people\[1\]\.name: a second "vera"/)
  assert.throws(() => load(entry('vera', a) + entry('ada', a)), /people\[1\]\.sha256: the same token as vera/)
})

test('says which flag is wrong or missing', async () => {
  await assert.rejects(people.run(['--name', 'vera', '--role', 'king'], capture()), UsageError)
  await assert.rejects(people.run(['--role', 'admin'], capture()), { message: '--name is missing' })
  await assert.rejects(people.run(['--name', 'vera'], capture()), /^.*--role is missing: viewer/)
})
