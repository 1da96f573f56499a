import assert from 'node:assert/strict'
import { linkSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { runCli } from '../../../src/cli/cli.ts'
import { checkOutput, writeOutput } from '../../../src/cli/files/output-file.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'
import { capture } from './capture.ts'

function folder(t: TestContext): string {
  const directory = temporaryDirectory()
  t.after(() => directory.dispose())
  return directory.path
}

test('neither a chart nor weights overwrite the prompts they are made from', async (t) => {
  const prompts = join(folder(t), 'prompts.jsonl')
  writeFileSync(prompts, '{"label":"mechanical","text":"hello"}\n')
  linkSync(prompts, `${prompts}-hard`)
  const calls = [
    ['evaluate', prompts, '--svg', prompts],
    ['train', prompts, '--out', `${prompts}-hard`],
  ]
  for (const call of calls) {
    const io = capture()
    assert.equal(await runCli(call, io), 2)
    assert.match(io.err(), /: this command reads from it and would destroy it\n$/)
  }
  assert.match(readFileSync(prompts, 'utf8'), /hello/)
})

test('an output that cannot be written leaves the existing file, and nothing beside it', (t) => {
  const path = folder(t)
  const file = join(path, 'weights')
  writeFileSync(file, 'of yesterday')
  const missing = join(path, 'missing', 'weights')
  assert.throws(() => writeOutput('--out', missing, 'new'), {
    name: 'UsageError',
    message: /^--out .*ENOENT/,
  })
  assert.throws(() => writeOutput('--out', '/dev/full', 'new'), { name: 'UsageError', message: /ENOSPC/ })
  writeOutput('--out', file, 'new')
  assert.equal(readFileSync(file, 'utf8'), 'new')
  assert.deepEqual(readdirSync(path), ['weights'])
})

test('a dangling symlink is refused, since it would be lost', (t) => {
  const link = join(folder(t), 'link')
  symlinkSync('nowhere', link)
  assert.throws(() => checkOutput('--out', link), { message: `--out ${link}: is a link to nothing` })
})
