import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { openLedger } from '../../../src/ledger/sqlite/ledger.ts'
import { openLedgerReader } from '../../../src/ledger/sqlite/reader.ts'
import { StoreError } from '../../../src/ledger/store-error.ts'
import { openRow, refusedRow } from '../../support/ledger-rows.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

function inDirectory(title: string, run: (path: string) => Promise<void>): void {
  test(title, async () => {
    const directory = temporaryDirectory()
    try {
      await run(directory.path)
    } finally {
      directory.dispose()
    }
  })
}

/** A `StoreError` of one line that names the file and says why. */
function assertRefused(open: () => unknown, file: string, why: RegExp): void {
  assert.throws(open, (error) => {
    assert.ok(error instanceof StoreError)
    assert.equal(error.message.split('\n').length, 1)
    assert.ok(error.message.includes(file), error.message)
    assert.match(error.message, why)
    return true
  })
}

/** A store with one row in it. */
async function writeStore(file: string): Promise<void> {
  const ledger = openLedger(file)
  await ledger.record(refusedRow(Date.UTC(2026, 10, 18)))
  await ledger.close()
}

inDirectory('creates the directory of a store that does not exist yet', async (path) => {
  const file = join(path, 'deep', 'er', 'ledger.db')
  await openLedger(file).close()
  assert.ok(existsSync(file))
})

inDirectory('refuses a file that another process is using, and names it', async (path) => {
  const file = join(path, 'ledger.db')
  const ledger = openLedger(file)
  const module = JSON.stringify(join(import.meta.dirname, '../../../src/ledger/sqlite/ledger.ts'))
  const script = `import { openLedger } from ${module}; openLedger(${JSON.stringify(file)})`
  const second = spawnSync(process.execPath, ['--input-type=module-typescript', '-e', script], {
    encoding: 'utf8',
  })
  assert.notEqual(second.status, 0)
  assert.match(second.stderr, /StoreError: .*ledger\.db: another process is using this store/)
  assertRefused(() => openLedger(file), file, /another process is using this store/)
  await ledger.close()
  await openLedger(file).close()
})

inDirectory('refuses a second writer that reaches the file through a symlink', async (path) => {
  const file = join(path, 'ledger.db')
  const ledger = openLedger(file)
  symlinkSync(file, join(path, 'link.db'))
  symlinkSync(path, join(path, 'elsewhere'))
  assertRefused(() => openLedger(join(path, 'link.db')), file, /another process/)
  assertRefused(() => openLedger(join(path, 'elsewhere', 'ledger.db')), file, /another process/)
  await ledger.close()
})

inDirectory('lets readers read while it writes', async (path) => {
  const file = join(path, 'ledger.db')
  const ledger = openLedger(file)
  const reader = openLedgerReader(file)
  for (let count = 1; count <= 3; count += 1) {
    await ledger.record(refusedRow(Date.UTC(2026, 10, 18)))
    assert.equal([...reader.rows({})].length, count)
  }
  reader.close()
  await ledger.close()
})

inDirectory('refuses a file that is not a database', async (path) => {
  const file = join(path, 'ledger.db')
  writeFileSync(file, 'team,spent\nresearch,12\n'.repeat(500))
  assertRefused(() => openLedger(file), file, /not a SQLite database|file is not a database/)
  assertRefused(() => openLedgerReader(file), file, /not a SQLite database|file is not a database/)
  assert.match(readFileSync(file, 'utf8'), /^team,spent/)
})

inDirectory('refuses a damaged database', async (path) => {
  const file = join(path, 'ledger.db')
  const ledger = openLedger(file)
  await Promise.all(Array.from({ length: 200 }, () => ledger.record(refusedRow(Date.UTC(2026, 10, 18)))))
  await ledger.close()
  const bytes = readFileSync(file)
  writeFileSync(file, bytes.fill(0xab, 4096))
  assertRefused(() => openLedger(file), file, /damaged|malformed/)
})

inDirectory('refuses a database of another program and leaves it alone', async (path) => {
  const file = join(path, 'ledger.db')
  const other = new DatabaseSync(file)
  other.exec('CREATE TABLE recipes (name TEXT)')
  other.close()
  assertRefused(() => openLedger(file), file, /another program/)
  assertRefused(() => openLedgerReader(file), file, /another program/)
})

inDirectory('refuses a file that a newer program has written', async (path) => {
  const file = join(path, 'ledger.db')
  await writeStore(file)
  const newer = new DatabaseSync(file)
  newer.exec('PRAGMA user_version = 99')
  newer.close()
  assertRefused(() => openLedger(file), file, /version 99, written by a newer trivium/)
  assertRefused(() => openLedgerReader(file), file, /version 99/)
})

inDirectory('says what is wrong with a path that cannot be a store', async (path) => {
  mkdirSync(join(path, 'folder'))
  writeFileSync(join(path, 'file'), '')
  assertRefused(() => openLedger(join(path, 'folder')), join(path, 'folder'), /is a directory/)
  assertRefused(() => openLedgerReader(join(path, 'folder')), join(path, 'folder'), /is a directory$/)
  assertRefused(
    () => openLedger(join(path, 'file', 'ledger.db')),
    join(path, 'file', 'ledger.db'),
    /file is not a directory$/,
  )
  assertRefused(() => openLedgerReader(join(path, 'none.db')), join(path, 'none.db'), /no such file/)
})

inDirectory(
  'refuses devices and directories that cannot be created, and leaves nothing beside them',
  async (path) => {
    assertRefused(
      () => openLedger('/proc/nope/x.db'),
      '/proc/nope/x.db',
      /: the directory \/proc\/nope cannot be made: E[A-Z]+$/,
    )
    assertRefused(() => openLedger('/dev/null'), '/dev/null', /is a device, a pipe or a socket, not a file$/)
    symlinkSync('/dev/null', join(path, 'link.db'))
    assertRefused(() => openLedger(join(path, 'link.db')), join(path, 'link.db'), /is a device/)
    assert.deepEqual(readdirSync(path), ['link.db'])
    assert.ok(!existsSync('/dev/null.lock'))
  },
)

inDirectory('a refused file is not left locked', async (path) => {
  const file = join(path, 'ledger.db')
  writeFileSync(file, 'x'.repeat(5000))
  assertRefused(() => openLedger(file), file, /not a/)
  rmSync(file)
  await openLedger(file).close()
})

inDirectory('a value the file cannot store rejects only its own request', async (path) => {
  const ledger = openLedger(join(path, 'ledger.db'))
  const at = Date.UTC(2026, 10, 18)
  const outcomes = await Promise.allSettled([
    ledger.record(refusedRow(at)),
    ledger.record(refusedRow(at, { inputTokens: 0.5 })),
    ledger.record({ ...refusedRow(at), ...openRow(at + 1) }),
  ])
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  )
  assert.deepEqual(ledger.health(), { ok: true })
  await ledger.close()
})

inDirectory('an existing empty file counts as a lost ledger, not a new one, and is refused', async (path) => {
  const file = join(path, 'ledger.db')
  writeFileSync(file, '')
  assertRefused(() => openLedger(file), file, /the file is empty, .* remove the file to start over/)
  assertRefused(() => openLedgerReader(file), file, /the file is empty/)
  assert.equal(readFileSync(file).length, 0)
})

/** Kills during a first start, each at a different moment, so that some hit it midway. */
const MOMENTS_MS = [0, 4, 8, 12, 16]
const LEDGER = import.meta.resolve('../../../src/ledger/sqlite/ledger.ts')

inDirectory('a process killed while creating a ledger leaves no empty one behind', async (path) => {
  await Promise.all(
    MOMENTS_MS.map(async (ms) => {
      const file = join(path, `${ms}.db`)
      const program = `const { openLedger } = await import('${LEDGER}'); console.log(); openLedger('${file}')`
      const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      await once(child.stdout, 'data')
      setTimeout(() => child.kill('SIGKILL'), ms)
      await once(child, 'close')
      await openLedger(file).close()
    }),
  )
  assert.deepEqual(
    readdirSync(path).filter((name) => name.includes('.new')),
    [],
  )
})

inDirectory('leftovers of a ledger that was never finished are removed', async (path) => {
  const file = join(path, 'ledger.db')
  writeFileSync(`${file}.new`, 'half a page')
  writeFileSync(`${file}.new-journal`, 'half a journal')
  await openLedger(file).close()
  assert.deepEqual(
    readdirSync(path).filter((name) => name.includes('.new')),
    [],
  )
})

inDirectory('a dangling symlink stays a symlink, and the ledger is created at its target', async (path) => {
  symlinkSync('volume/ledger.db', join(path, 'link.db'))
  const ledger = openLedger(join(path, 'link.db'))
  assert.ok(lstatSync(join(path, 'link.db')).isSymbolicLink())
  assert.ok(statSync(join(path, 'volume', 'ledger.db')).size > 0)
  assertRefused(
    () => openLedger(join(path, 'volume', 'ledger.db')),
    join(path, 'volume', 'ledger.db'),
    /another process/,
  )
  await ledger.close()
})

inDirectory('startup reports a ledger whose last page is cut short as damaged', async (path) => {
  const file = join(path, 'ledger.db')
  await writeStore(file)
  const writing = new DatabaseSync(file)
  // So that the last page is one that nothing else would miss.
  writing.exec(`INSERT INTO booked_once VALUES ('${'x'.repeat(100_000)}', 'id')`)
  writing.close()
  truncateSync(file, statSync(file).size - 100)
  assertRefused(() => openLedger(file), file, /is damaged: .*\(page (\d+) of \1 is cut off\)/)
})

inDirectory('pages that a crash left only in the log are not taken for damage', async (path) => {
  const file = join(path, 'ledger.db')
  await writeStore(file)
  const writing = new DatabaseSync(file)
  const text = 'x'.repeat(100_000)
  writing.exec(`INSERT INTO booked_once VALUES ('${text}', 'id')`)
  const crashed = join(path, 'crashed.db')
  for (const end of ['', '-wal']) copyFileSync(`${file}${end}`, `${crashed}${end}`)
  writing.close()
  // As if the machine had gone down while the first of them was being checkpointed.
  truncateSync(crashed, statSync(crashed).size + 1_000)
  await openLedger(crashed).close()
  assert.ok(readFileSync(crashed).includes(text.slice(0, 4_000)))
})
