import { after, before, describe } from 'node:test'
import { openDatabase } from '../../src/ledger/redis-postgres/database.ts'
import { createPostgresEndedSessions } from '../../src/ledger/redis-postgres/ended-sessions.ts'
import { migrate } from '../../src/ledger/redis-postgres/schema.ts'
import { absentPostgres } from '../support/failing-stores.ts'
import { type Store, startPostgres, without } from '../support/stores.ts'
import { endedSessionsContract } from './ended-sessions.ts'

describe('postgres', { skip: without.postgres }, () => {
  let postgres: Store
  before(async () => {
    postgres = await startPostgres()
  })
  after(() => postgres.dispose())

  endedSessionsContract('postgres', async () => {
    const pool = openDatabase(postgres.url)
    await migrate(pool)
    return {
      open: () => createPostgresEndedSessions(pool, postgres.url),
      failing: createPostgresEndedSessions(...absentPostgres()),
      dispose: () => pool.end(),
    }
  })
})
