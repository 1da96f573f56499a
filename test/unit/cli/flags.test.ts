import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runCli } from '../../../src/cli/cli.ts'
import { capture } from './capture.ts'

const calls: Readonly<Record<string, RegExp>> = {
  'spend --sinse 2d': /'--sinse'; did you mean "--since"\?$/,
  'spend --frobnicate': /Unknown option '--frobnicate'$/,
  'spend --since --json': /'--since' argument missing; .* --since=-VALUE$/,
  'ledger --limit -1': /'--limit' argument missing; .* --limit=-VALUE$/,
  'spend --since': /'--since <value>' argument missing$/,
  'spend --json=yes': /'--json' does not take an argument$/,
  'spend today': /'today'/,
  'export --since 1h --until 2h': /--until 2h: is not after --since 1h$/,
  'replay --until 1960-01-01': /--until 1960-01-01: is not after --since 7d$/,
  'export --since --out': /'--since' argument missing/,
  'raise --usd': /'--usd <value>' argument missing$/,
  'keys create --team -x': /'--team' argument missing/,
  'serve -x': /Unknown option '-x'$/,
  'check --config --json': /'--config' argument missing/,
  'classify --rules --jsonl': /'--rules' argument missing/,
}

// Node explains some errors in three lines, which look like three errors in a log.
for (const [call, words] of Object.entries(calls)) {
  test(`trivium ${call} prints one line that names the problem and exits with 2`, async () => {
    const io = capture()
    assert.equal(await runCli(call.split(' '), io), 2)
    assert.equal(io.out(), '')
    const [line = '', ...others] = io.err().split('\n')
    assert.deepEqual(others, [''])
    assert.match(line, /^trivium [a-z]+: /)
    assert.match(line, words)
  })
}
