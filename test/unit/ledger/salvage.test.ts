import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { runCli } from '../../../src/cli/cli.ts'
import { openLedger } from '../../../src/ledger/sqlite/ledger.ts'
import { ALL_SPENT, AT, ledgerFile, overwrite, PAGE, ROWS } from '../../support/ledger-file.ts'
import { budget } from '../../support/ledger-rows.ts'
import { capture } from '../cli/capture.ts'

async function salvage(file: string, out = `${file}-new`) {
  const io = capture()
  const code = await runCli(['salvage', file, '--out', out], io)
  return {
    code,
    out,
    said: io.out(),
    err: io.err(),
    rows: Number(/: ([\d,]+) rows/.exec(io.out())?.[1]?.replace(',', '')),
  }
}

async function spentIn(file: string): Promise<number | undefined> {
  const ledger = openLedger(file)
  const spent = ledger.balances([budget(1)], AT)[0]?.spent
  await ledger.close()
  return spent
}

/** The files beside a ledger that are not its own. */
function left(file: string): readonly string[] {
  return readdirSync(dirname(file)).filter((name) => !/^ledger\.db(-wal|-shm|\.lock)?$/.test(name))
}

for (const cut of [1, 100, 1_000, 4_095]) {
  test(`salvage of a file whose last page lacks ${cut} bytes recovers all that is not on it`, async (t) => {
    const { file } = await ledgerFile(t)
    truncateSync(file, statSync(file).size - cut)
    const { code, out, rows, said } = await salvage(file)
    assert.ok(rows > 1_900, said)
    assert.equal(code, rows === ROWS ? 0 : 1)
    assert.equal(await spentIn(out), ALL_SPENT)
  })
}

test('salvage --json prints what was recovered', async (t) => {
  const { file } = await ledgerFile(t)
  const io = capture()
  assert.equal(await runCli(['salvage', file, '--out', `${file}-new`, '--json'], io), 0)
  const recovered = { file: `${file}-new`, rows: ROWS, gaps: 0, sums: 'copied', rowless: 0 }
  assert.deepEqual(JSON.parse(io.out()), recovered)
})

test('salvage of a file cut in half recovers the rows that are left', async (t) => {
  const { file } = await ledgerFile(t)
  truncateSync(file, Math.floor(statSync(file).size / PAGE / 2) * PAGE)
  const { code, out, rows, said } = await salvage(file)
  assert.equal(code, 1)
  assert.ok(rows > 700, said)
  assert.match(
    said,
    /^(sums and rows disagree: balances count|balances do not include the cost of lost rows)/m,
  )
  assert.equal(typeof (await spentIn(out)), 'number')
})

for (const [what, from, length] of [
  ['all of its first page', 0, PAGE],
  ['its header', 0, 100],
  ['its schema', 100, PAGE - 100],
  ['the size of its pages', 16, 2],
] as const) {
  test(`salvage of a file that lost ${what} recovers everything`, async (t) => {
    const { file } = await ledgerFile(t)
    const bytes = readFileSync(file)
    bytes.fill(0x41, from, from + length)
    writeFileSync(file, bytes)
    const { out, rows } = await salvage(file)
    assert.equal(rows, ROWS)
    assert.equal(await spentIn(out), ALL_SPENT)
  })
}

test('salvage recovers everything when the last page of the schema is lost', async (t) => {
  const { file } = await ledgerFile(t)
  const bytes = readFileSync(file)
  const pages = Array.from({ length: bytes.length / PAGE }, (_, page) =>
    bytes.subarray(page * PAGE, (page + 1) * PAGE),
  )
  const last = pages.findLastIndex((page) => page.includes('CREATE TABLE') || page.includes('CREATE INDEX'))
  overwrite(file, last)
  const { out, rows } = await salvage(file)
  assert.equal(rows, ROWS)
  assert.equal(await spentIn(out), ALL_SPENT)
})

test('sums that cover less than the rows are recomputed', async (t) => {
  const { file } = await ledgerFile(t)
  const database = new DatabaseSync(file)
  database.exec('DELETE FROM tally_hour WHERE hour % 2 = 0; DELETE FROM tally_day')
  database.close()
  const { code, out, said } = await salvage(file)
  assert.equal(code, 1)
  assert.match(said, /: 2,000 rows, nothing is lost; sums: recomputed$/m)
  assert.equal(await spentIn(out), ALL_SPENT)
})

test('a disagreement between sums and rows is reported', async (t) => {
  const { file } = await ledgerFile(t)
  overwrite(file, 1, 4)
  const { code, out, said } = await salvage(file)
  assert.equal(code, 1)
  assert.match(said, /^sums and rows disagree: balances count [\d,]+ requests whose rows are lost$/m)
  assert.equal(await spentIn(out), ALL_SPENT)
})

test('a file that is not a database is refused, and leaves nothing behind', async (t) => {
  const { file } = await ledgerFile(t)
  writeFileSync(file, 'not a database, '.repeat(1_000))
  const { code, err } = await salvage(file)
  assert.equal(code, 2)
  assert.match(err, /its first pages cannot be read, .*: restore a backup\n$/)
  assert.deepEqual(left(file), [])
})

test('a full disk is reported for the new file, not the damaged one, and its space is freed', async (t) => {
  const { file } = await ledgerFile(t)
  const limited = `trap '' XFSZ; ulimit -f 200; exec "$0" src/main.ts salvage "$1" --out "$1-new"`
  const { status, stderr } = spawnSync('sh', ['-c', limited, process.execPath, file], { encoding: 'utf8' })
  assert.equal(status, 2)
  assert.match(stderr, /^trivium salvage: .*ledger\.db-new: cannot be written: [^\n]*\n$/)
  assert.deepEqual(left(file), [])
})

test('what a killed salvage had written is removed by the next one', async (t) => {
  const { file } = await ledgerFile(t)
  // It needs a mended copy, so that it dies with two drafts, each as large as the file.
  writeFileSync(file, readFileSync(file).fill(0x41, 0, PAGE))
  const dying = `
    import { registerHooks } from 'node:module'
    registerHooks({
      load: (url, context, next) => {
        if (!url.endsWith('/table-copy.ts')) return next(url, context)
        const source = 'export const tablesIn = () => process.kill(process.pid, "SIGKILL"); export const copyTable = 0'
        return { format: 'module', shortCircuit: true, source }
      },
    })
    const { salvage } = await import('./src/ledger/sqlite/salvage.ts')
    salvage(process.argv[1], process.argv[1] + '-new')`
  const { signal } = spawnSync(process.execPath, ['--input-type=module', '-e', dying, file])
  assert.equal(signal, 'SIGKILL')
  const drafts = left(file).filter((name) => name.endsWith('.tmp'))
  assert.deepEqual([drafts.length, existsSync(`${file}-new`)], [2, false])
  const { rows } = await salvage(file)
  assert.equal(rows, ROWS)
  assert.deepEqual(left(file), ['ledger.db-new'])
})

test('the new file needs an existing folder and overwrites nothing', async (t) => {
  const { file } = await ledgerFile(t)
  const missing = await salvage(file, `${file}-missing/new.db`)
  assert.equal(missing.code, 2)
  assert.match(missing.err, /^trivium salvage: --out .*: there is no folder [^\n]*\n$/)
  writeFileSync(`${file}-new`, 'precious')
  const there = await salvage(file)
  assert.equal(there.code, 2)
  assert.match(there.err, /ledger\.db-new: already exists/)
  assert.equal(readFileSync(`${file}-new`, 'utf8'), 'precious')
})
