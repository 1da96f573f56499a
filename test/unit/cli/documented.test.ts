import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { runCli } from '../../../src/cli/cli.ts'
import { LINE_COLUMNS } from '../../../src/ledger/line.ts'
import { capture } from './capture.ts'

/** What the first cells of a page's table name. */
function namedIn(page: string, heading: string): readonly string[] {
  const [, section = ''] = readFileSync(page, 'utf8').split(`\n## ${heading}\n`)
  const cells = [...(section.split('\n## ')[0] ?? '').matchAll(/^\| (`.+?`) \|/gm)]
  return cells.flatMap(([, cell = '']) => [...cell.matchAll(/`(.+?)`/g)].map(([, name = '']) => name))
}

test('the README names every command', async () => {
  const io = capture()
  assert.equal(await runCli(['--help'], io), 0)
  const commands = [...io.out().matchAll(/^ {2}(\w+) /gm)].map(([, name = '']) => name)
  assert.deepEqual(namedIn('README.md', 'Commands').toSorted(), commands.toSorted())
})

test('docs/ledger.md explains every column of a row, in their order', () => {
  assert.deepEqual(namedIn('docs/ledger.md', 'A row'), LINE_COLUMNS)
})
