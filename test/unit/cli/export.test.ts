import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { LINE_COLUMNS } from '../../../src/budget/line.ts'
import { openLedger } from '../../../src/budget/sqlite/ledger.ts'
import { runCli } from '../../../src/cli/cli.ts'
import { openRow, refusedRow } from '../../support/ledger-rows.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'
import { capture } from './capture.ts'

const AT = Date.UTC(2026, 10, 18)
const ROWS = 2_500

/** A store with so many rows a second apart, every other of team `sales`, the newest with a name made to hurt. */
async function store(t: TestContext) {
  const directory = temporaryDirectory()
  t.after(() => directory.dispose())
  const file = join(directory.path, 'ledger.db')
  const ledger = openLedger(file)
  const writing = Array.from({ length: ROWS - 1 }, (_, index) =>
    ledger.record(refusedRow(AT + index * 1000, { team: index % 2 === 0 ? 'research' : 'sales' })),
  )
  const hostile = '=HYPERLINK("http://x",\r\n1)'
  const last = { ...openRow(AT + ROWS * 1000), requestedModel: hostile, conversation: '+1' }
  await Promise.all([...writing, ledger.record({ ...refusedRow(AT), ...last })])
  await ledger.close()
  return { file, out: join(directory.path, 'rows'), hostile }
}

async function run(...args: string[]) {
  const io = capture()
  const code = await runCli(['export', ...args], io)
  return { code, out: io.out() }
}

/** A reader of RFC 4180 that knows nothing of the writer. */
function recordsOf(csv: string): readonly (readonly string[])[] {
  const records: string[][] = []
  let fields: string[] = []
  for (const [, quoted, plain, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    fields.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'))
    if (end === ',') continue
    records.push(fields)
    fields = []
  }
  return records
}

test('NDJSON has every row once, oldest first, across the pages it is read in', async (t) => {
  const { file, out } = await store(t)
  assert.equal((await run('--store', file, '--out', out)).code, 0)
  const rows = readFileSync(out, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line): { id: string; at: number } => JSON.parse(line))
  assert.equal(new Set(rows.map(({ id }) => id)).size, ROWS)
  assert.deepEqual(
    rows.map(({ at }) => at),
    rows.map(({ at }) => at).toSorted((one, other) => one - other),
  )
})

test('CSV has a header, a field for every column, and no formula', async (t) => {
  const { file, hostile } = await store(t)
  const { out } = await run('--format', 'csv', '--store', file)
  const [header, ...records] = recordsOf(out)
  assert.deepEqual(header, LINE_COLUMNS)
  assert.equal(records.length, ROWS)
  for (const record of records) assert.equal(record.length, LINE_COLUMNS.length)
  const last = records.at(-1) ?? []
  const field = (name: string) => last[LINE_COLUMNS.indexOf(name)]
  assert.equal(field('requested_model'), `'${hostile}`)
  assert.equal(field('conversation'), `'+1`)
  assert.deepEqual(JSON.parse(field('evidence') ?? ''), JSON.parse(openRow(AT).evidence ?? ''))
  assert.equal(field('at'), String(AT + ROWS * 1000))
  assert.equal(field('input_tokens'), '')
})

test('team and time narrow what is exported; a date that is none is said', async (t) => {
  const { file } = await store(t)
  const until = new Date(AT + 600_000).toISOString()
  const { out } = await run('--store', file, '--team', 'sales', '--since', '2026-11-18', '--until', until)
  assert.equal(out.trimEnd().split('\n').length, 300)
  assert.equal((await run('--store', file, '--until', 'soon')).code, 2)
  assert.equal((await run('--store', file, '--format', 'xml')).code, 2)
  assert.equal((await run('--store', file, '--out', join(file, 'x'))).code, 2)
})
