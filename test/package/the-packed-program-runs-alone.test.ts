import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { globSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { askWhole } from '../support/client.ts'
import { eventually } from '../support/eventually.ts'
import { prepareHouse } from '../support/house.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'
import { chatBody } from '../support/written-upstream.ts'
import { installTarball, packTarball, runOrThrow, type Tarball } from './tarball.ts'

/** The package as its users have it: installed into an empty folder, which is the working directory. */
const folder = temporaryDirectory()
const empty = join(folder.path, 'empty')
let tarball: Tarball
let trivium: string

before(() => {
  const source = join(folder.path, 'source')
  for (const each of [source, empty]) mkdirSync(each)
  tarball = packTarball(source)
  trivium = installTarball(tarball, empty)
})
after(() => folder.dispose())

const run = (...args: string[]) => runOrThrow(process.execPath, [trivium, ...args], empty)

test('the package has every file the program reads and nothing that only development needs', () => {
  const paths = tarball.files.map(({ path }) => path)
  for (const needed of [
    'package.json',
    'README.md',
    'LICENSE',
    'CHANGELOG.md',
    'config/trivium.yaml',
    'config/models.yaml',
    'config/rules.yaml',
    'config/classifier.bin',
    'config/evaluation.jsonl',
    // Rehearsed by `trivium train --from-log`.
    ...globSync('config/training/*.jsonl'),
    'config/trivium.schema.json',
    'config/presets/successors.yaml',
    'docs/operations.md',
    'dist/main.js',
    'dist/compose.d.ts',
    'dist/console/index.html',
  ]) {
    assert.ok(paths.includes(needed), `${needed} is missing`)
  }
  const places =
    /^(package\.json|(README|CHANGELOG)\.md|LICENSE|config\/[^/]+|config\/(presets|training)\/[^/]+|docs\/[^/]+\.md|dist\/.+)$/
  assert.deepEqual(
    paths.filter((path) => !places.test(path)),
    [],
  )
})

test('the package holds exactly the compiled source files', () => {
  const packed = tarball.files.flatMap(({ path }) => /^dist\/(?!console\/)(.+)\.js$/.exec(path)?.[1] ?? [])
  const sources = globSync('src/**/*.ts', { exclude: ['src/console/**'] }).map((file) => file.slice(4, -3))
  assert.deepEqual(packed.sort(), sources.sort())
})

test('the demo succeeds from the installed package', () => {
  assert.match(run('demo'), /no overspend/)
})

test('commands find the files shipped with the package', () => {
  assert.match(run('--version'), /^\d+\.\d+\.\d+\n$/)
  const answer = run('classify', 'Prove that the square root of two is irrational.')
  assert.match(answer, /stem_reasoning/)
})

test('the token-counting thread finds its file', () => {
  const counter = join(trivium, '../upstream/tokenizer.js')
  const script = `
    const { WorkerTokenizer } = await import(${JSON.stringify(counter)})
    const tokenizer = new WorkerTokenizer()
    console.log(await tokenizer.count('a word '.repeat(1000)))
    await tokenizer.close()`
  writeFileSync(join(empty, 'count.mjs'), script)
  const tokens = Number(runOrThrow(process.execPath, ['count.mjs'], empty))
  assert.ok(tokens < 3000, `${tokens} tokens: bytes were counted instead`)
})

const TOKEN = 'an-admin-token-for-tests'

test('the package serves with a configuration from anywhere, and its own health command reports it', async (t) => {
  const server = { listen: '127.0.0.1:0', admin: '127.0.0.1:0', admin_token: TOKEN }
  const { config, simulator, close } = await prepareHouse({ settings: { server } })
  t.after(close)
  const child = spawn(process.execPath, [trivium, 'serve', '--config', config], { cwd: empty })
  const stderr = text(child.stderr)
  let printed = ''
  child.stdout.on('data', (bytes) => {
    printed += bytes
  })
  t.after(async () => {
    child.kill('SIGKILL')
    await stderr
  })
  const [, baseUrl, adminUrl = ''] = await eventually(
    () => /listens on (\S+\/v1), admin on (\S+)/.exec(printed) ?? undefined,
  )
  const { status } = await askWhole(`${baseUrl}/chat/completions`, { body: chatBody() })
  assert.deepEqual([status, simulator.calls.length], [200, 1])
  assert.match(run('health', '--admin', adminUrl), /ok/)
  // Ledger queries and replays run in threads, whose files have to be found as well.
  const overview = await askWhole(`${adminUrl}/api/overview?window=24h`, { method: 'GET', key: TOKEN })
  assert.equal(overview.status, 200, overview.text())
  const replays = `${adminUrl}/api/tuning/replay`
  const begun = await askWhole(replays, { key: TOKEN, body: {} })
  assert.equal(begun.status, 202, begun.text())
  const ended = await eventually(async () => {
    const run = JSON.parse(
      (await askWhole(`${replays}/${JSON.parse(begun.text()).id}`, { method: 'GET', key: TOKEN })).text(),
    )
    return run.state === 'running' ? undefined : run
  })
  assert.deepEqual([ended.state, ended.problem], ['done', null])
  const page = await fetch(adminUrl, { headers: { accept: 'text/html' } })
  assert.deepEqual([page.status, /<script/.test(await page.text())], [200, true])
})

test('a program that imports the package gets types', () => {
  const program = `
    import { compose, type Trivium } from 'trivium-proxy'
    const started: Promise<Trivium> = compose({ config: 'trivium.yaml', env: {} })
    export const url: Promise<string> = started.then(({ dataUrl }) => dataUrl)`
  writeFileSync(join(empty, 'program.mts'), program)
  const flags = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2024', '--types', '']
  runOrThrow(join(process.cwd(), 'node_modules/.bin/tsc'), [...flags, 'program.mts'], empty)
})
