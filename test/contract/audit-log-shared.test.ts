import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { createPostgresAuditLog } from '../../src/ledger/redis-postgres/audit-log.ts'
import { openPostgresLabelBook } from '../../src/ledger/redis-postgres/label-book.ts'
import { openAuditAt } from '../../src/operations/open-store.ts'
import { eventually } from '../support/eventually.ts'
import { absentPostgres } from '../support/failing-stores.ts'
import { refusedRow } from '../support/ledger-rows.ts'
import { type SharedStores, startSharedStores, withoutShared } from '../support/shared-stores.ts'
import { auditLogContract } from './audit-log.ts'

describe('postgres', { skip: withoutShared }, () => {
  let stores: SharedStores
  before(async () => {
    stores = await startSharedStores()
  })
  after(() => stores.dispose())

  auditLogContract('postgres', async () => {
    await stores.empty()
    const replica = await stores.open()
    const row = refusedRow(Date.now())
    await replica.ledger.record(row)
    await eventually(async () => (await stores.query('SELECT 1 FROM ledger WHERE id = $1', [row.id]))[0])
    const labels = await openPostgresLabelBook(stores.postgres.url)
    return {
      audit: replica.auditLog,
      raiseLog: replica.raiseLog,
      failing: createPostgresAuditLog(...absentPostgres()),
      label: (labelling) => labels.label({ id: row.id, ...labelling }),
      dispose: async () => {
        await labels.close()
        await replica.close()
      },
    }
  })

  test('the database itself refuses to change or delete audit lines', async (t) => {
    await stores.empty()
    const replica = await stores.open()
    t.after(() => replica.close())
    await replica.auditLog.note({ at: 1, who: 'me', action: 'login', subject: 'admin', detail: '' })
    const atCommandLine = await openAuditAt(stores.postgres.url)
    t.after(() => atCommandLine.close())
    const done = { who: 'ada', action: 'key_revoked', subject: 'research/ci', detail: '' } as const
    await atCommandLine.note({ at: 2, ...done })
    assert.equal((await replica.auditLog.linesBefore(undefined, 1))[0]?.who, 'ada')
    await assert.rejects(stores.query("UPDATE audit_log SET who = 'you'"), /append-only/)
    await assert.rejects(stores.query('DELETE FROM audit_log'), /append-only/)
  })
})
