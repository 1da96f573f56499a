import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  linkSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { runCli } from '../../../src/cli/cli.ts'
import { LINE_COLUMNS } from '../../../src/ledger/line.ts'
import { rowText } from '../../../src/ledger/row-text.ts'
import { openLedger } from '../../../src/ledger/sqlite/ledger.ts'
import { readRows } from '../../support/house.ts'
import { openRow, refusedRow } from '../../support/ledger-rows.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'
import { capture } from './capture.ts'

const AT = Date.UTC(2026, 10, 18)
const ROWS = 2_500

/** A store with rows a second apart, every other one of team `sales`, the newest with a hostile model name. */
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

/** An RFC 4180 reader that shares nothing with the writer. */
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

test('NDJSON has every row once, oldest first, across internal pages', async (t) => {
  const { file, out } = await store(t)
  assert.equal((await run('--json', '--store', file, '--out', out)).code, 0)
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

test('no CSV text starts like a formula, in ASCII or full-width characters', async (t) => {
  const { file } = await store(t)
  const [line] = readRows(file)
  assert.ok(line)
  for (const begin of '=+-@|＝＋－＠\t\r') {
    const [fields = []] = recordsOf(rowText({ ...line, requested_model: `${begin}calc` }, 'csv'))
    assert.equal(fields[LINE_COLUMNS.indexOf('requested_model')], `'${begin}calc`)
  }
})

test('team and time filters narrow the export, and invalid arguments are refused', async (t) => {
  const { file } = await store(t)
  const until = new Date(AT + 600_000).toISOString()
  const { out } = await run('--store', file, '--team', 'sales', '--since', '2026-11-18', '--until', until)
  assert.equal(out.trimEnd().split('\n').length, 300)
  assert.equal((await run('--store', file, '--until', 'soon')).code, 2)
  assert.equal((await run('--store', file, '--format', 'xml')).code, 2)
  assert.equal((await run('--store', file, '--format', 'csv', '--json')).code, 2)
  assert.equal((await run('--store', file, '--out', join(file, 'x'))).code, 2)
})

test('the output never overwrites the store it is read from, under any name', async (t) => {
  const { file, out } = await store(t)
  const before = readFileSync(file)
  const server = openLedger(file)
  t.after(() => server.close())
  symlinkSync(file, `${out}-link`)
  linkSync(file, `${out}-hard`)
  linkSync(`${file}-shm`, `${out}-shm`)
  const names = [file, `${file}-wal`, `${file}-shm`, `${out}-link`, `${out}-hard`, `${out}-shm`]
  for (const name of names) {
    const io = capture()
    assert.equal(await runCli(['export', '--store', file, '--out', name], io), 2, name)
    assert.match(io.err(), /^trivium export: --out .*: this command reads from it and would destroy it\n$/)
  }
  assert.deepEqual(readFileSync(file), before)
})

test('a database that the command does not read is not overwritten either', async (t) => {
  const { file, out } = await store(t)
  copyFileSync(file, `${out}-backup`)
  const io = capture()
  assert.equal(await runCli(['export', '--store', file, '--out', `${out}-backup`], io), 2)
  assert.match(io.err(), /^trivium export: --out .*-backup: is a database, which would be lost\n$/)
  assert.deepEqual(readFileSync(`${out}-backup`), readFileSync(file))
})

test('an export that fails halfway leaves the existing file, and nothing beside it', async (t) => {
  const { file, out } = await store(t)
  writeFileSync(out, 'of yesterday')
  const damaged = new DatabaseSync(file)
  damaged.exec(`UPDATE ledger SET outcome = 'nonsense' WHERE seq = (SELECT max(seq) FROM ledger)`)
  damaged.close()
  await assert.rejects(run('--store', file, '--out', out))
  assert.equal(readFileSync(out, 'utf8'), 'of yesterday')
  assert.deepEqual(
    readdirSync(dirname(out)).filter((name) => !name.startsWith('ledger.db')),
    ['rows'],
  )
})

test('writing through a symlink keeps the link and the mode of its target', async (t) => {
  const { file, out } = await store(t)
  writeFileSync(`${out}-real`, '', { mode: 0o600 })
  symlinkSync(`${out}-real`, out)
  assert.equal((await run('--store', file, '--out', out)).code, 0)
  assert.equal(lstatSync(out).isSymbolicLink(), true)
  assert.equal(statSync(`${out}-real`).mode & 0o777, 0o600)
  assert.equal(readFileSync(`${out}-real`, 'utf8').trimEnd().split('\n').length, ROWS)
})

test('a named pipe is written to directly', async (t) => {
  const { file, out } = await store(t)
  execFileSync('mkfifo', [out])
  const reading = readFile(out, 'utf8')
  assert.equal((await run('--store', file, '--out', out)).code, 0)
  assert.equal((await reading).trimEnd().split('\n').length, ROWS)
})
