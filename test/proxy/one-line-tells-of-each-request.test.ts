import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'
import { askWhole } from '../support/client.ts'
import { eventually } from '../support/eventually.ts'
import { keyEntry, prepareHouse, readRows } from '../support/house.ts'
import { listening, startServe } from '../support/served-process.ts'

const MARK = 'zarzuela-of-the-unlikely'
const INJECTED = 'gpt\n{"level":60,"msg":"request","outcome":"forged"}\u001b[2J'

test('each request has one log line, which matches its row and has nothing of the prompt', async (t) => {
  const house = await prepareHouse({
    settings: { log: { level: 'info' } },
    team: { keys: [keyEntry('sk-test'), keyEntry('sk-poor', { budgets: [{ usd: 1e-6, per: 'total' }] })] },
  })
  t.after(() => house.close())
  const served = startServe(t, ['--config', house.config])
  const url = `${await listening(served)}/chat/completions`
  const body = (model: string, more: object = {}) => ({
    model,
    messages: [{ role: 'user', content: `Who wrote ${MARK}?` }],
    ...more,
  })
  const answers = [
    await askWhole(url, { body: body('auto') }),
    await askWhole(url, { body: body(INJECTED, { stream: true }) }),
    await askWhole(url, { body: body('auto'), key: 'sk-poor' }),
    await askWhole(url, { body: body('auto'), key: 'sk-nobody' }),
    await askWhole(url.replace('/chat/completions', '/models'), { method: 'GET' }),
  ]
  const ids = answers.map(({ headers }) => headers['x-request-id'])
  served.child.kill('SIGTERM')
  await served.exited
  const lines = served.printed.stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ msg }) => msg === 'request')
  assert.equal(lines.length, ids.length)
  const lineOf = (id: unknown) => lines.find(({ request }) => request === id)
  assert.deepEqual(
    ids.map(lineOf).map((line) => [line?.outcome, line?.status, line?.error_code, line?.endpoint]),
    [
      ['ok', 200, undefined, 'chat'],
      ['ok', 200, undefined, 'chat'],
      ['refused', 429, 'insufficient_quota', 'chat'],
      ['refused', 401, 'invalid_api_key', 'chat'],
      ['ok', 200, undefined, 'models'],
    ],
  )
  const rows = readRows(house.database)
  assert.equal(rows.length, 3)
  for (const row of rows) {
    const line = lineOf(row.id)
    assert.deepEqual(
      [line?.team, line?.key, line?.class, line?.cause, line?.target, line?.attempts, line?.cost_nusd],
      [row.team, row.key, row.class, row.cause, row.target ?? undefined, row.attempts, row.cost_nusd],
    )
    assert.deepEqual([line?.ms_total, line?.ms_proxy], [row.ms_total, row.ms_proxy])
  }
  assert.equal(lineOf(ids[1])?.requested_model, INJECTED)
  for (const word of [MARK, 'sk-test', 'sk-poor', 'sk-nobody', 'sk-simulated', '\u001b']) {
    assert.ok(!served.printed.stdout.replaceAll('"key":"sk-', '').includes(word), word)
  }
})

/** A separate program that writes lines to its stdout. */
function startWriter(code: string) {
  const path = join(import.meta.dirname, '../../src/telemetry/log-output.ts')
  const program = `import { standardOutput } from ${JSON.stringify(path)}\nconst output = standardOutput()\n${code}`
  return spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

test('a crash loses no log line', async () => {
  const child = startWriter(`
    output.write('first\\n')
    output.logger('info').info('second')
    setImmediate(() => { output.write('third\\n'); throw new Error('crash') })`)
  let printed = ''
  child.stdout.on('data', (bytes) => {
    printed += bytes
  })
  const [code] = await once(child, 'close')
  assert.notEqual(code, 0)
  // The crash may change the order of lines that were still being written, but each is there, and whole.
  const said = printed.split('\n').map((line) => /"msg":"(\w+)"\}$/.exec(line)?.[1] ?? line)
  assert.deepEqual(said.sort(), ['', 'first', 'second', 'third'])
})

test('a stalled log reader blocks nothing: lines are dropped and counted', async (t) => {
  const child = startWriter(`
    const line = 'x'.repeat(999) + '\\n'
    for (let index = 0; index < 40_000; index += 1) {
      output.write(line)
      if (index % 500 === 0) await new Promise(setImmediate)
    }
    process.stderr.write('dropped ' + output.dropped + '\\n')
    setInterval(() => {}, 1000)`)
  t.after(() => void child.kill('SIGKILL'))
  let told = ''
  child.stderr.on('data', (bytes) => {
    told += bytes
  })
  const dropped = await eventually(() => /dropped (\d+)/.exec(told)?.[1])
  assert.ok(Number(dropped) > 20_000, dropped)
})

test('the log says where the server listens, when it stops and that it has stopped', async (t) => {
  const house = await prepareHouse({ settings: { log: { level: 'info' } } })
  t.after(() => house.close())
  const served = startServe(t, ['--config', house.config])
  const url = await listening(served)
  served.child.kill('SIGTERM')
  await served.exited
  const lines = served.printed.stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ level }) => level === 30)
  assert.deepEqual(
    lines.map(({ msg }) => msg),
    ['listening', 'stopping', 'stopped'],
  )
  assert.equal(`${lines[0]?.data}/v1`, url)
  assert.equal(lines[1]?.in_flight, 0)
})
