import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Workshop } from '../../../src/operations/workshop.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

const rules = 'rules: []\n'

test('a check that hangs does not hold up other checks', async (t) => {
  const { path, dispose } = temporaryDirectory()
  t.after(dispose)
  const workshop = new Workshop({ config: join(path, 'trivium.yaml'), env: {} })
  t.after(() => workshop.close())
  // Reading from a pipe that nobody writes to blocks forever.
  const stuck = join(path, 'stuck')
  execFileSync('mkfifo', [stuck])
  const first = workshop.run('check', { rules, weightsFile: stuck })
  const missing = join(path, 'no-such-file')
  const second = await workshop.run('check', { rules, weightsFile: missing })
  assert.match(second.problems[0]?.message ?? '', /no such file/)
  writeFileSync(stuck, 'no weights')
  assert.equal((await first).problems.length, 1)
})
