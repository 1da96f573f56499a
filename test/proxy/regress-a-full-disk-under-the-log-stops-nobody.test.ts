import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { askWhole } from '../support/client.ts'
import { eventually } from '../support/eventually.ts'
import { prepareHouse, readRows } from '../support/house.ts'
import { freePort } from '../support/store-process.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'
import { chatBody } from '../support/written-upstream.ts'

// Stdout often goes to a file. Once its disk was full, the log writer threw, and the process, instead of
// exiting, tried to write the same lines for ever: it neither served nor exited until somebody killed it.

const LOG_OUTPUT = join(import.meta.dirname, '../../src/telemetry/log-output.ts')

function run(shell: string, program: string, args: readonly string[] = []) {
  const code = `import { LogOutput } from ${JSON.stringify(LOG_OUTPUT)}\n${program}`
  const node = [process.execPath, '--input-type=module', '-e', code, ...args]
  return spawn('/bin/sh', ['-c', shell, 'sh', ...node], { stdio: ['ignore', 'pipe', 'pipe'] })
}

test('a server whose output goes to a full disk starts, serves and exits cleanly', async (t) => {
  const [data, admin] = [await freePort(), await freePort()]
  const { config, database, close } = await prepareHouse({
    settings: {
      server: { listen: `127.0.0.1:${data}`, admin: `127.0.0.1:${admin}`, drain: '5s' },
      log: { level: 'info' },
    },
  })
  t.after(close)
  const full = openSync('/dev/full', 'w')
  t.after(() => closeSync(full))
  const child = spawn(process.execPath, ['src/main.ts', 'serve', '--config', config], {
    stdio: ['ignore', full, full],
  })
  const exited = once(child, 'exit')
  t.after(() => child.kill('SIGKILL'))
  await eventually(() =>
    fetch(`http://127.0.0.1:${admin}/readyz`).then(
      ({ ok }) => ok || undefined,
      () => undefined,
    ),
  )
  for (let count = 0; count < 5; count += 1) {
    const { status } = await askWhole(`http://127.0.0.1:${data}/v1/chat/completions`, { body: chatBody() })
    assert.equal(status, 200)
  }
  child.kill('SIGTERM')
  assert.deepEqual(await exited, [0, null])
  assert.equal(readRows(database).length, 5)
})

test('lines that found the disk full are written once there is room, whole and in order', async (t) => {
  const folder = temporaryDirectory()
  t.after(() => folder.dispose())
  const file = join(folder.path, 'log')
  // A limit on file size stands in for the full disk, and truncating the file makes room.
  const child = run(
    'ulimit -f 16 && exec "$@"',
    `import { openSync, readFileSync, truncateSync } from 'node:fs'
    const [, file] = process.argv
    const output = new LogOutput(openSync(file, 'a'))
    for (let index = 0; index < 300; index += 1) output.write(String(index).padStart(99, '0') + '\\n')
    await output.flush()
    for (let taken = readFileSync(file); taken.length > 0; taken = readFileSync(file)) {
      process.stdout.write(taken)
      truncateSync(file)
      await output.flush()
    }`,
    [file],
  )
  const [said, complaints] = await Promise.all([text(child.stdout), text(child.stderr)])
  assert.equal(complaints, '')
  assert.deepEqual(
    said.split('\n').filter((line) => line !== ''),
    Array.from({ length: 300 }, (_, index) => String(index).padStart(99, '0')),
  )
  assert.equal(readFileSync(file, 'utf8'), '')
})

test('lines that cannot be written do not keep a process from exiting', async () => {
  const child = run(
    'exec "$@" 3>/dev/full',
    `const output = new LogOutput(3)
    for (let index = 0; index < 300; index += 1) output.write('x'.repeat(99) + '\\n')
    await output.flush()
    process.stdout.write('over')`,
  )
  const exited = once(child, 'exit')
  assert.equal(await text(child.stdout), 'over')
  assert.deepEqual(await exited, [0, null])
})

test('a command whose output cannot be written says so in one line and exits with 1', async () => {
  const child = spawn('/bin/sh', ['-c', 'exec "$0" src/main.ts --help > /dev/full', process.execPath])
  const exited = once(child, 'exit')
  assert.match(await text(child.stderr), /^trivium: the output cannot be written: ENOSPC[^\n]*\n$/)
  assert.deepEqual(await exited, [1, null])
})
