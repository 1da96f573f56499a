import assert from 'node:assert/strict'
import { after, before, describe } from 'node:test'
import { WINDOWS } from '../../src/budget/budget.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { createPostgresAlertBook } from '../../src/ledger/redis-postgres/alert-book.ts'
import { createPostgresAnswerBook } from '../../src/ledger/redis-postgres/answer-book.ts'
import { createPostgresRaiseLog } from '../../src/ledger/redis-postgres/raise-log.ts'
import { eventually } from '../support/eventually.ts'
import { absentPostgres } from '../support/failing-stores.ts'
import { budget } from '../support/ledger-rows.ts'
import {
  type ClusteredStores,
  type SharedStores,
  startClusteredStores,
  startSharedStores,
  withoutShared,
} from '../support/shared-stores.ts'
import { alertBookContract } from './alert-book.ts'
import { answerBookContract } from './answer-book.ts'
import { type LedgerUnderTest, ledgerContract } from './ledger.ts'
import { raiseLogContract } from './raise-log.ts'

const NOON = Date.UTC(2026, 10, 18, 12)
/** Budgets the contract queries on a reopened ledger, loaded at open because a team's first balances take time. */
const BUDGETS = [
  ...WINDOWS.flatMap((per) => [budget(1000, per), budget(1000, per, 'ci')]),
  budget(1000, 'total', undefined, 'sales'),
]

describe('redis and postgres', { skip: withoutShared }, () => {
  let stores: SharedStores
  before(async () => {
    stores = await startSharedStores()
  })
  after(() => stores.dispose())

  ledgerContract('redis and postgres', () => ledgerOn(stores))

  raiseLogContract('redis and postgres', async () => {
    await stores.empty()
    const [replica, other] = [await stores.open(), await stores.open()]
    return {
      log: replica.raiseLog,
      failing: createPostgresRaiseLog(...absentPostgres()),
      shared: true,
      reopen: async () => other.raiseLog,
      dispose: async () => {
        await replica.close()
        await other.close()
      },
    }
  })

  answerBookContract('redis and postgres', async () => {
    await stores.empty()
    const [replica, other] = [await stores.open(), await stores.open()]
    return {
      book: replica.answerBook,
      failing: createPostgresAnswerBook(...absentPostgres()),
      reopen: async () => other.answerBook,
      dispose: async () => {
        await replica.close()
        await other.close()
      },
    }
  })

  alertBookContract('redis and postgres', async () => {
    await stores.empty()
    const [replica, other] = [await stores.open(), await stores.open()]
    return {
      book: replica.alertBook,
      failing: createPostgresAlertBook(...absentPostgres()),
      reopen: async () => other.alertBook,
      dispose: async () => {
        await replica.close()
        await other.close()
      },
    }
  })
})

describe('a redis cluster and postgres', { skip: withoutShared }, () => {
  let stores: ClusteredStores
  before(async () => {
    stores = await startClusteredStores()
  })
  after(() => stores.dispose())

  ledgerContract('redis cluster and postgres', () => ledgerOn(stores))
})

async function ledgerOn(stores: SharedStores | ClusteredStores): Promise<LedgerUnderTest> {
  await stores.empty()
  let replica = await stores.open({ now: () => NOON, budgets: BUDGETS })
  return {
    ledger: replica.ledger,
    reopen: async (end) => {
      // Only what is in the stores outlives a replica. Closed or killed, its holds stay until their lease expires.
      await replica.close()
      replica = await stores.open({ now: () => NOON, budgets: BUDGETS })
      if (end === 'crash') await eventually(() => heldOf(replica.ledger) === 0 || undefined)
      return replica.ledger
    },
    dispose: () => replica.close(),
  }
}

function heldOf(ledger: Ledger): number {
  const [balance] = ledger.balances([budget(1000)], NOON)
  assert.ok(balance)
  return balance.held
}
