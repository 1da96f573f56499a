import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { DatabaseSync, StatementSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { runCli } from '../../../src/cli/cli.ts'
import { backUp } from '../../../src/ledger/sqlite/backup.ts'
import { openLedger } from '../../../src/ledger/sqlite/ledger.ts'
import { withDraft } from '../../../src/ledger/sqlite/owned-draft.ts'
import { openLedgerReader } from '../../../src/ledger/sqlite/reader.ts'
import { salvage } from '../../../src/ledger/sqlite/salvage.ts'
import { ALL_SPENT, ledgerFile, overwrite, ROWS } from '../../support/ledger-file.ts'
import { budget, refusedRow } from '../../support/ledger-rows.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'
import { capture } from '../cli/capture.ts'

const BUSY = join(import.meta.dirname, '../../support/busy-ledger.ts')

async function trivium(...args: string[]) {
  const io = capture()
  const code = await runCli(args, io)
  return { code, out: io.out(), err: io.err() }
}

async function spentIn(file: string): Promise<number | undefined> {
  const ledger = openLedger(file)
  const spent = ledger.balances([budget(Number.MAX_SAFE_INTEGER)], Date.now())[0]?.spent
  await ledger.close()
  return spent
}

/** A folder and a ledger in it that a process writes to as fast as it can. */
async function busyLedger(t: TestContext) {
  const folder = temporaryDirectory()
  const file = join(folder.path, 'ledger.db')
  const child = spawn(process.execPath, [BUSY, file], { stdio: ['ignore', 'pipe', 'inherit'] })
  let printed = ''
  child.stdout.on('data', (bytes) => {
    printed += bytes
  })
  t.after(async () => {
    child.kill('SIGKILL')
    await once(child, 'close')
    folder.dispose()
  })
  await once(child.stdout, 'data')
  return { folder: folder.path, file, settled: () => [...printed.matchAll(/^settled (\S+) (\d+)$/gm)] }
}

test('a backup taken under full write load has every promised row and restores to the same sum', async (t) => {
  const { folder, file, settled } = await busyLedger(t)
  for (const round of [1, 2, 3]) {
    const promised = settled()
    const copy = join(folder, `copy-${round}.db`)
    const made = await trivium('backup', '--store', file, '--out', copy, '--json')
    assert.equal(made.code, 0, made.err + made.out)
    const to = join(folder, `restored-${round}`, 'ledger.db')
    const back = await trivium('restore', copy, '--store', to)
    assert.equal(back.code, 0, back.err + back.out)
    const spent = await spentIn(to)
    const reader = openLedgerReader(to)
    t.after(() => reader.close())
    const rows = new Map([...reader.rows({})].map((row) => [row.id, row]))
    assert.equal(rows.size, JSON.parse(made.out).rows)
    for (const [, id = '', cost] of promised) assert.equal(rows.get(id)?.cost_nusd, Number(cost))
    assert.equal(
      spent,
      [...rows.values()].reduce((sum, row) => sum + (row.cost_nusd ?? Number.NaN), 0),
    )
    const whole = await trivium('check', '--ledger', '--offline', '--config', configFor(folder, to))
    assert.equal(whole.code, 0, whole.out + whole.err)
  }
})

function configFor(folder: string, store: string): string {
  const config = join(folder, 'trivium.yaml')
  writeFileSync(
    config,
    `upstreams: {openai: {base_url: 'http://127.0.0.1:1/v1'}}\npreset: successors\nstore: {sqlite: '${store}'}\n`,
  )
  return config
}

// For as long as the copy took, others on the machine could read the prompts in it. What was salvaged stayed
// that way.
test('a copy of a private ledger is private from its first row', async (t) => {
  const { file, ids } = await ledgerFile(t)
  const folder = join(file, '..')
  chmodSync(file, 0o600)
  const readable = new Set<string>()
  const look = () => {
    for (const name of readdirSync(folder)) {
      const path = join(folder, name)
      if (name.startsWith('ledger.db') || (statSync(path).mode & 0o077) === 0) continue
      if (ids.some((id) => readFileSync(path).includes(id))) readable.add(name)
    }
  }
  const { run } = StatementSync.prototype
  let runs = 0
  t.mock.method(StatementSync.prototype, 'run', function (this: StatementSync, ...values: unknown[]) {
    const done: unknown = Reflect.apply(run, this, values)
    if (runs % 500 === 0) look()
    runs += 1
    return done
  })
  backUp(file, join(folder, 'copy.db'))
  salvage(file, join(folder, 'salvaged.db'))
  look()
  assert.deepEqual([...readable], [])
})

test('a backup into a folder is named by its time', async (t) => {
  const { file } = await ledgerFile(t)
  const folder = join(file, '../copies')
  mkdirSync(folder)
  const { code, out } = await trivium('backup', '--store', file, '--out', folder)
  assert.equal(code, 0)
  assert.match(readdirSync(folder).join(), /^trivium-\d{8}T\d{6}Z\.db$/)
  assert.ok(out.includes(`${ROWS.toLocaleString('en-US')} rows`))
})

test('a refused backup or restore overwrites no ledger, backup or log and leaves nothing behind', async (t) => {
  const { file } = await ledgerFile(t)
  const copy = `${file}-copy`
  assert.equal((await trivium('backup', '--store', file, '--out', copy)).code, 0)
  const before = readdirSync(join(file, '..'))
  const again = await trivium('backup', '--store', file, '--out', copy)
  assert.deepEqual([again.code, /is a database|already exists/.test(again.err)], [2, true])
  const over = await trivium('restore', copy, '--store', file)
  assert.deepEqual([over.code, over.err], [2, `trivium restore: ${file}: already exists\n`])
  writeFileSync(`${file}2-wal`, '')
  const beside = await trivium('restore', copy, '--store', `${file}2`)
  assert.deepEqual([beside.code, beside.err], [2, `trivium restore: ${file}2-wal: already exists\n`])
  assert.deepEqual(
    readdirSync(join(file, '..')).filter((name) => !before.includes(name) && !name.startsWith('ledger.db2')),
    [],
  )
  assert.equal(await spentIn(file), ALL_SPENT)
})

test('restore and backup succeed beside the index left by a killed server', async (t) => {
  const { file } = await ledgerFile(t)
  const [copy, index] = [`${file}-copy`, `${file}-index`]
  const ledger = openLedger(file)
  await ledger.record(refusedRow(Date.now(), { outcome: 'ok' }))
  copyFileSync(`${file}-shm`, index)
  await ledger.close()
  assert.equal((await trivium('backup', '--store', file, '--out', copy)).code, 0)
  const [restored, backedUp] = [`${file}2`, `${file}3`]
  for (const to of [restored, backedUp]) copyFileSync(index, `${to}-shm`)
  assert.equal((await trivium('restore', copy, '--store', restored)).code, 0)
  assert.equal((await trivium('backup', '--store', file, '--out', backedUp)).code, 0)
  for (const to of [restored, backedUp]) assert.equal(await spentIn(to), ALL_SPENT)
})

test('a killed backup or restore leaves no file under its name, and the next one removes its draft', async (t) => {
  const { file } = await ledgerFile(t)
  const folder = join(file, '..')
  const copy = join(folder, 'copy.db')
  const left = (to: string) => readdirSync(folder).filter((name) => name.startsWith(`${basename(to)}.`))
  // Killed with a half-written draft.
  const dying = `
    import { withDraft } from './src/ledger/sqlite/owned-draft.ts'
    import { writeFileSync } from 'node:fs'
    withDraft(process.argv[1], (draft) => {
      for (const end of ['', '-wal']) writeFileSync(draft + end, 'half of it')
      process.kill(process.pid, 'SIGKILL')
    })`
  const die = () => spawnSync(process.execPath, ['--input-type=module', '-e', dying, copy])
  assert.equal(die().signal, 'SIGKILL')
  assert.deepEqual([existsSync(copy), left(copy).length > 0], [false, true])
  const isThere = withDraft(join(folder, 'other.db'), (draft) => {
    writeFileSync(draft, 'by somebody who is alive')
    backUp(file, copy)
    return existsSync(draft)
  })
  assert.equal(isThere, true)
  assert.deepEqual([...left(copy), ...left(join(folder, 'other.db'))], [])
  assert.equal(await spentIn(copy), ALL_SPENT)
})

test('a draft left by a killed backup does not block a later process with the same PID', async (t) => {
  const { file } = await ledgerFile(t)
  const copy = `${file}-copy`
  writeFileSync(`${copy}.${process.pid}.tmp`, 'half of it')
  const { code, err } = await trivium('backup', '--store', file, '--out', copy)
  assert.equal(code, 0, err)
  assert.equal(await spentIn(copy), ALL_SPENT)
})

test('a restore through a symlink is refused while the file it points to has a log', async (t) => {
  const { file } = await ledgerFile(t)
  const elsewhere = join(file, '..', 'elsewhere')
  mkdirSync(elsewhere)
  const link = join(elsewhere, 'link.db')
  symlinkSync(file, link)
  const ledger = openLedger(file)
  t.after(() => ledger.close())
  await ledger.record(refusedRow(Date.now(), { outcome: 'ok' }))
  const { code, err } = await trivium('restore', link, '--store', `${file}2`)
  assert.equal(code, 2)
  assert.match(err, /a store that is in use or was not closed cleanly/)
})

test('a restore is refused while another process holds the lock of its target', async (t) => {
  const { file } = await ledgerFile(t)
  const copy = `${file}-copy`
  await trivium('backup', '--store', file, '--out', copy)
  const held = new DatabaseSync(`${file}2.lock`)
  held.exec('BEGIN EXCLUSIVE')
  const { code, err } = await trivium('restore', copy, '--store', `${file}2`)
  held.close()
  assert.deepEqual([code, existsSync(`${file}2`)], [2, false])
  assert.match(err, /another process is using this store/)
})

test('a damaged ledger is not backed up, a damaged backup is not restored, and the error names the file', async (t) => {
  const { file } = await ledgerFile(t)
  const copy = `${file}-copy`
  await trivium('backup', '--store', file, '--out', copy)
  overwrite(copy, 12)
  const restored = await trivium('restore', copy, '--store', `${file}2`)
  assert.deepEqual([restored.code, existsSync(`${file}2`)], [2, false])
  assert.ok(
    restored.err.startsWith(`trivium restore: ${copy}: `) && restored.err.includes('damaged'),
    restored.err,
  )
  overwrite(file, 5, 20)
  const backup = await trivium('backup', '--store', file, '--out', `${file}-other`)
  assert.deepEqual([backup.code, existsSync(`${file}-other`)], [2, false])
  assert.ok(backup.err.includes(`${file}: `) && backup.err.includes('damaged'), backup.err)
})

test('a ledger whose sums disagree with its rows is backed up as it is, and the problems are reported', async (t) => {
  const { file } = await ledgerFile(t)
  const database = new DatabaseSync(file)
  database.exec('UPDATE tally_hour SET cost_nusd = cost_nusd + 1')
  database.close()
  const { code, out } = await trivium('backup', '--store', file, '--out', `${file}-copy`, '--json')
  assert.equal(code, 1)
  assert.equal(JSON.parse(out).rows, ROWS)
  assert.notDeepEqual(JSON.parse(out).problems, [])
})

test('a file that is empty, not a ledger, too new or missing is not restored', async (t) => {
  const { file } = await ledgerFile(t)
  const to = `${file}2`
  const none = `${file}-none`
  new DatabaseSync(none).close()
  writeFileSync(`${file}-text`, 'team,spent\n'.repeat(100))
  const newer = `${file}-newer`
  writeFileSync(newer, readFileSync(file))
  const changed = new DatabaseSync(newer)
  changed.exec('PRAGMA user_version = 99')
  changed.close()
  for (const [name, why] of [
    [none, /the file is empty/],
    [`${file}-text`, /not a (SQLite )?database/],
    [newer, /version 99, written by a newer trivium; this one supports up to \d+/],
    [`${file}-missing`, /no such file/],
  ] as const) {
    const { code, err } = await trivium('restore', name, '--store', to)
    assert.deepEqual([code, why.test(err)], [2, true], err)
    assert.ok(err.includes(name))
  }
  assert.ok(!existsSync(to))
})

for (const version of [1, 7]) {
  const golden = () => readFileSync(`test/golden/stores/version-${version}.sql`, 'utf8')
  const oldStore = (t: TestContext) => {
    const folder = temporaryDirectory()
    t.after(() => folder.dispose())
    const file = join(folder.path, 'ledger.db')
    const database = new DatabaseSync(file)
    database.exec(golden())
    database.close()
    return file
  }
  /** Three closed rows, and what the fourth held when its process died. */
  const SPENT = 1_000 + 1_001 + 1_002 + 5_000

  test(`startup migrates a ledger at schema version ${version}, exact to the nano-dollar`, async (t) => {
    const file = oldStore(t)
    assert.equal(await spentIn(file), SPENT)
    assert.equal(await spentIn(file), SPENT, 'a second start changes nothing')
    const reader = openLedgerReader(file)
    t.after(() => reader.close())
    assert.deepEqual(reader.examine(), { rows: 4, problems: [] })
    assert.deepEqual(
      [...reader.rows({})].map(({ outcome, cost_nusd }) => [outcome, cost_nusd]),
      [
        ['ok', 1_000],
        ['ok', 1_001],
        ['ok', 1_002],
        ['unsettled', 5_000],
      ],
    )
  })

  test(`a ledger at schema version ${version} is backed up unmigrated and restored by the newer program`, async (t) => {
    const file = oldStore(t)
    const made = await trivium('backup', '--store', file, '--out', `${file}-copy`, '--json')
    assert.deepEqual([made.code, JSON.parse(made.out).rows], [0, 4], made.err)
    const copy = new DatabaseSync(`${file}-copy`, { readOnly: true })
    assert.equal(copy.prepare('PRAGMA user_version').get()?.user_version, version)
    copy.close()
    assert.equal((await trivium('restore', `${file}-copy`, '--store', `${file}2`)).code, 0)
    assert.equal(await spentIn(`${file}2`), SPENT)
  })
}
