import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { nanoUsd } from '../../../src/base/money.ts'
import type { Command } from '../../../src/cli/command.ts'
import { ledger as ledgerCommand } from '../../../src/cli/ledger.ts'
import { spend } from '../../../src/cli/spend.ts'
import { isNoRoom, type Ledger } from '../../../src/ledger/ledger.ts'
import { StoreError } from '../../../src/ledger/store-error.ts'
import { budget, closing, openRow, refusedRow } from '../../support/ledger-rows.ts'
import { type SharedStores, startSharedStores, withoutShared } from '../../support/shared-stores.ts'
import { capture } from '../cli/capture.ts'

const DAY = 86_400_000
const NOW = Date.now()

describe('commands that read from Postgres', { skip: withoutShared }, () => {
  let stores: SharedStores
  const kept = openRow(NOW - 40 * DAY, { team: 'sales', key: 'web', class: 'factual_recall', stream: false })

  before(async () => {
    stores = await startSharedStores()
    const replica = await stores.open({ budgets: [budget(1), budget(1, 'total', undefined, 'sales')] })
    await request(replica.ledger, kept, 40_000)
    for (let count = 0; count < 1_500; count += 1)
      await replica.ledger.record(refusedRow(NOW - DAY + count, { key: 'lab' }))
    await request(replica.ledger, openRow(NOW - 2 * DAY), 2_000_000)
    await replica.close()
  })
  after(() => stores.dispose())

  test('a row is read back as it was written', async () => {
    const { out } = await run(ledgerCommand, [kept.id, '--json'])
    const row = JSON.parse(out)
    const { id, at, team, stream, cost_nusd, held_nusd, evidence, outcome, ms_total } = row
    assert.deepEqual(
      { id, at, team, stream, cost_nusd, held_nusd, outcome, ms_total },
      {
        ...{ id: kept.id, at: kept.at, team: 'sales', stream: false, cost_nusd: 40_000, held_nusd: 50_000 },
        ...{ outcome: 'ok', ms_total: 1840.25 },
      },
    )
    assert.deepEqual(evidence, JSON.parse(kept.evidence ?? ''))
  })

  test('ledger prints all rows, oldest first, across internal pages', async () => {
    const { out } = await run(ledgerCommand, ['--json'])
    const times = out
      .trimEnd()
      .split('\n')
      .map((line) => Number(JSON.parse(line).at))
    assert.equal(times.length, 1_502)
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    )
  })

  test('ledger prints the latest rows, and those of one class', async () => {
    const latest = await run(ledgerCommand, ['--limit', '2', '--json'])
    assert.deepEqual(
      latest.out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).at),
      [NOW - DAY + 1_498, NOW - DAY + 1_499],
    )
    const facts = await run(ledgerCommand, ['--class', 'factual_recall', '--json'])
    assert.equal(facts.out.trimEnd().split('\n').length, 1)
  })

  test('spend adds up by team, key and day, across months', async () => {
    const teams = await lines(['--by', 'team'])
    assert.deepEqual(
      teams.map(({ team, requests, cost_nusd }) => [team, requests, cost_nusd]),
      [
        ['research', 1_501, 2_000_000],
        ['sales', 1, 40_000],
      ],
    )
    const keys = await lines(['--by', 'key', '--since', '3d'])
    assert.deepEqual(
      keys.map(({ key, requests }) => [key, requests]),
      [
        ['research/ci', 1],
        ['research/lab', 1_500],
      ],
    )
    const [oldest] = await lines(['--by', 'day'])
    assert.equal(oldest?.day, new Date(kept.at).toISOString().slice(0, 10))
  })

  test('the error for a missing store names it without the password', async () => {
    const absent = stores.postgres.url.replace('postgres@', 'me:secret@').replace('/postgres', '/none')
    await assert.rejects(run(spend, ['--json'], absent), (error) => {
      assert.ok(error instanceof StoreError)
      assert.ok(!error.message.includes('secret') && error.message.includes('/none'), error.message)
      return true
    })
  })

  async function run(command: Command, args: readonly string[], store = stores.postgres.url) {
    const io = capture()
    const code = await command.run([...args, '--store', store], io)
    return { code, out: io.out() }
  }

  async function lines(args: readonly string[]): Promise<readonly Record<string, unknown>[]> {
    const { out } = await run(spend, [...args, '--json'])
    return out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
  }
})

async function request(ledger: Ledger, row: ReturnType<typeof openRow>, cost: number): Promise<void> {
  const held = cost + 10_000
  const hold = await ledger.hold(row, [], { atMost: nanoUsd(held), atLeast: nanoUsd(held) })
  assert.ok(!isNoRoom(hold))
  await hold.settle(closing(cost))
  await sleep(1)
}
