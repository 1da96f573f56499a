import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { runCli } from '../../../src/cli/cli.ts'
import { capture } from './capture.ts'

test('prints the version of the package', async () => {
  const io = capture()
  assert.equal(await runCli(['--version'], io), 0)
  assert.ok(readFileSync('package.json', 'utf8').includes(`"version": "${io.out().trim()}"`))
  assert.match(io.out(), /^\d+\.\d+\.\d+\n$/)
})
