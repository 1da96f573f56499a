import assert from 'node:assert/strict'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { requestId } from '../../../src/base/ids.ts'
import { nanoUsd } from '../../../src/base/money.ts'
import type { Command } from '../../../src/cli/command.ts'
import { exportRows } from '../../../src/cli/export.ts'
import { ledger as ledgerCommand } from '../../../src/cli/ledger.ts'
import { spend } from '../../../src/cli/spend.ts'
import { isNoRoom, type Ledger } from '../../../src/ledger/ledger.ts'
import { ledgerOf, openLedger } from '../../../src/ledger/sqlite/ledger.ts'
import { openStore } from '../../../src/ledger/sqlite/open.ts'
import { prepareStep } from '../../../src/ledger/sqlite/upkeep.ts'
import { closing, openRow, refusedRow } from '../../support/ledger-rows.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

const DAY = 86_400_000
const NOW = Date.now()
const directory = temporaryDirectory()
const file = join(directory.path, 'ledger.db')
const kept = openRow(NOW - 3 * DAY, {
  team: 'sales',
  key: 'web',
  class: 'factual_recall',
  target: 'gpt-4o-mini',
})
let ledger: Ledger

/** The commands read while the ledger is open, as they would beside a running server. */
before(async () => {
  ledger = openLedger(file)
  await request(openRow(NOW - 9 * DAY), 1_000_000)
  await request(kept, 40_000)
  await request(openRow(NOW - DAY, { key: 'lab' }), 2_000_000)
  await ledger.record(refusedRow(NOW))
})
after(async () => {
  await ledger.close()
  directory.dispose()
})

async function request(row: ReturnType<typeof openRow>, cost: number): Promise<void> {
  const hold = await ledger.hold(row, [], { atMost: nanoUsd(9_000_000), atLeast: nanoUsd(1) })
  assert.ok(!isNoRoom(hold))
  await hold.settle(closing(cost, { target: row.target }))
}

async function run(command: Command, ...args: string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const printed = text(stdout)
  const complained = text(stderr)
  const code = await command.run(['--store', file, ...args], {
    stdin: new PassThrough(),
    stdout,
    stderr,
    env: {},
  })
  stdout.end()
  stderr.end()
  return { code, out: await printed, err: await complained }
}

function linesOf(out: string): readonly Record<string, unknown>[] {
  return out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

test('spend sums by team and shows what the reference model would have cost', async () => {
  const { code, out } = await run(spend, '--json')
  assert.equal(code, 0)
  assert.deepEqual(linesOf(out), [
    {
      team: 'research',
      requests: 3,
      input_tokens: 2 * 57,
      output_tokens: 2 * 412,
      cost_nusd: 3_000_000,
      baseline_nusd: 6_000_000,
      saved_nusd: 3_000_000,
    },
    {
      team: 'sales',
      requests: 1,
      input_tokens: 57,
      output_tokens: 412,
      cost_nusd: 40_000,
      baseline_nusd: 80_000,
      saved_nusd: 40_000,
    },
  ])
})

test('spend groups by key, model, class and day, and filters by team and time', async () => {
  const groups = async (by: string, ...args: string[]) =>
    linesOf((await run(spend, '--json', '--by', by, ...args)).out).map((line) => [line[by], line.cost_nusd])
  assert.deepEqual(await groups('key'), [
    ['research/ci', 1_000_000],
    ['research/lab', 2_000_000],
    ['sales/web', 40_000],
  ])
  assert.deepEqual(await groups('model'), [
    ['gpt-4o-mini', 40_000],
    ['o1-mini', 3_000_000],
  ])
  assert.deepEqual(await groups('class', '--team', 'sales'), [['factual_recall', 40_000]])
  const day = (at: number) => new Date(at).toISOString().slice(0, 10)
  assert.deepEqual(await groups('day', '--since', '7d'), [
    [day(NOW - 3 * DAY), 40_000],
    [day(NOW - DAY), 2_000_000],
    [day(NOW), 0],
  ])
})

test('spend prints a table with a total', async () => {
  const { out } = await run(spend)
  const lines = out.trimEnd().split('\n')
  assert.match(
    lines[0] ?? '',
    /^team\s+requests\s+tokens in\s+tokens out\s+cost USD\s+baseline USD\s+saved USD\s+saved$/,
  )
  assert.match(lines.at(-1) ?? '', /^total\s+4\s+171\s+1,236\s+0\.003040\s+0\.006080\s+0\.003040\s+50\.0 %$/)
  assert.equal((await run(spend, '--team', 'nobody')).out, 'no requests\n')
})

test('ledger prints rows with the documented field names, oldest first', async () => {
  const rows = linesOf((await run(ledgerCommand, '--json')).out)
  assert.equal(
    Object.keys(rows[0] ?? {}).join(' '),
    'id at team key endpoint stream requested_model class confidence cause evidence rules_version weights_version ' +
      'conversation target answered_model upstream attempts adapted status outcome error_code input_tokens ' +
      'cached_tokens output_tokens reasoning_tokens usage_source cost_nusd held_nusd baseline_nusd ' +
      'ms_to_first_byte ms_total ms_proxy prompt label labelled_by',
  )
  assert.deepEqual(
    rows.map(({ at }) => at),
    [NOW - 9 * DAY, NOW - 3 * DAY, NOW - DAY, NOW],
  )
})

test('ledger prints every field as it was recorded', async () => {
  const { out } = await run(ledgerCommand, kept.id, '--json')
  assert.deepEqual(linesOf(out), [
    {
      id: kept.id,
      at: kept.at,
      team: 'sales',
      key: 'web',
      endpoint: 'chat',
      stream: true,
      requested_model: 'gpt-4o',
      class: 'factual_recall',
      confidence: 0.93,
      cause: 'model',
      evidence: JSON.parse(kept.evidence ?? ''),
      rules_version: '0123456789ab',
      weights_version: 'ba9876543210',
      conversation: '5f1d7a84db00d2fc',
      target: 'gpt-4o-mini',
      answered_model: 'o1-mini-2024-09-12',
      upstream: 'openai',
      attempts: 1,
      adapted: 'max_tokens',
      status: 200,
      outcome: 'ok',
      error_code: null,
      input_tokens: 57,
      cached_tokens: 0,
      output_tokens: 412,
      reasoning_tokens: 256,
      usage_source: 'reported',
      cost_nusd: 40_000,
      held_nusd: 9_000_000,
      baseline_nusd: 80_000,
      ms_to_first_byte: 312.5,
      ms_total: 1840.25,
      ms_proxy: 0.4,
      prompt: null,
      label: null,
      labelled_by: null,
    },
  ])
  assert.match((await run(ledgerCommand, kept.id)).out, /^cost_usd +0\.000040000$/m)
})

test('ledger filters rows, and --limit prints the latest', async () => {
  const ids = async (...args: string[]) =>
    linesOf((await run(ledgerCommand, '--json', ...args)).out).map(({ id }) => id)
  assert.deepEqual(await ids('--class', 'factual_recall'), [kept.id])
  assert.deepEqual(await ids('--team', 'sales', '--outcome', 'ok'), [kept.id])
  assert.equal((await ids('--outcome', 'refused')).length, 1)
  assert.equal((await ids('--since', '2d')).length, 2)
  assert.deepEqual(await ids('--limit', '2'), (await ids()).slice(-2))
  const table = (await run(ledgerCommand, '--limit', '2')).out.trimEnd().split('\n')
  assert.equal(table.length, 4)
  assert.ok(table.every((line) => line.length <= 120))
})

test('usage errors say what was expected, and an unknown ID exits with 1', async () => {
  await assert.rejects(run(spend, '--by', 'moon'), {
    name: 'UsageError',
    message: /team, key, model, class or day/,
  })
  await assert.rejects(run(spend, '--since', 'tuesday'), { name: 'UsageError', message: /--since tuesday/ })
  await assert.rejects(run(spend, '--frobnicate'), { name: 'UsageError' })
  await assert.rejects(run(ledgerCommand, '--class', 'poetry'), {
    name: 'UsageError',
    message: /stem_reasoning/,
  })
  await assert.rejects(run(ledgerCommand, '--outcome', 'fine'), {
    name: 'UsageError',
    message: /client_left/,
  })
  await assert.rejects(run(ledgerCommand, '--limit', '0'), { name: 'UsageError' })
  await assert.rejects(run(ledgerCommand, 'a', 'b'), { name: 'UsageError' })
  const { code, err } = await run(ledgerCommand, 'req_unknown')
  assert.equal(code, 1)
  assert.equal(err, 'trivium ledger: no row has the id req_unknown\n')
})

test('no deletion note is printed where no row was deleted, however far back the query goes', async () => {
  for (const command of [spend, ledgerCommand, exportRows])
    assert.equal((await run(command, '--since', '99999999d')).err, '', command.name)
})

test('for a period whose rows are deleted, the commands say what is still known', async () => {
  const old = join(directory.path, 'old.db')
  const store = openStore(old)
  const kept = ledgerOf(store)
  const at = NOW - 20 * DAY
  const minutes = Array.from({ length: 600 }, (_, minute) => at + minute * 60_000)
  await Promise.all(minutes.map((each) => kept.record(refusedRow(each, { cost: nanoUsd(5) }))))
  const keptSince = Math.floor(NOW / DAY) * DAY - 10 * DAY
  const step = prepareStep(store.database)
  while (step(keptSince, 0) !== 'nothing');
  await kept.close()

  const ask = (command: Command, ...args: string[]) => run(command, '--store', old, ...args)
  const all = await ask(spend, '--json')
  assert.deepEqual([linesOf(all.out)[0]?.cost_nusd, all.err], [3_000, ''])
  const odd = await ask(spend, '--since', '19d')
  assert.match(odd.err, /^note: rows before \d{4}-\d\d-\d\d 00:00 are deleted, .* summed since .* \d\d:00\n$/)
  const rows = await ask(ledgerCommand, '--json', '--since', '19d')
  assert.match(rows.err, /^note: rows before \d{4}-\d\d-\d\d 00:00 are deleted\n$/)
  assert.match((await ask(ledgerCommand, requestId(at))).err, /no row has the id .*\nnote: rows before/)
  assert.equal((await ask(ledgerCommand, '--limit', '5')).err, '')
  assert.match((await ask(exportRows)).err, /^note: rows before/)
})
