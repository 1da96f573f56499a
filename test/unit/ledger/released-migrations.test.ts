import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { COLUMNS } from '../../../src/ledger/redis-postgres/columns.ts'
import { openDatabase } from '../../../src/ledger/redis-postgres/database.ts'
import { MIGRATIONS as POSTGRES } from '../../../src/ledger/redis-postgres/migrations/steps.ts'
import { migrate } from '../../../src/ledger/redis-postgres/schema.ts'
import { MIGRATIONS as SQLITE } from '../../../src/ledger/sqlite/schema.ts'
import { startPostgres, without } from '../../support/stores.ts'

/** The first 16 digits of the SHA-256 of each step. */
const RELEASED = {
  postgres: [
    'a3493c0c84a288e1',
    '9d7c0ea47acea7d5',
    '39a3d7a1efc06d5d',
    '988ed0e1784fe177',
    'f98f00e3445a2ef9',
    '381fded6080f73ab',
    '04be38f143ef4318',
    'b509f59093640648',
    'c8f4cf4835934735',
  ],
  sqlite: [
    '200ff7350c422bea',
    'ed087d8c0c7dbfe8',
    '6df31e678abd9d41',
    '8358d5c5863871a6',
    'ff045b717496f1af',
    '7a4a57cd84af1c43',
    '639334fec4f84b76',
    '14bc131ad37c9cb7',
    '6feae0b5a698a54e',
    '71bd4aaf3f5264b7',
  ],
}

for (const [store, steps] of [
  ['postgres', POSTGRES],
  ['sqlite', SQLITE],
] as const) {
  test(`no released migration step of ${store} has changed`, () => {
    const known: readonly string[] = RELEASED[store]
    for (const [index, step] of steps.entries()) {
      const hash = createHash('sha256').update(step).digest('hex').slice(0, 16)
      const wanted = known[index]
      assert.ok(wanted !== undefined, `step ${index + 1} is new: add its hash here, '${hash}'`)
      assert.equal(
        hash,
        wanted,
        `step ${index + 1} differs from what was released: a store that has applied it will never apply it again, ` +
          'so new and upgraded stores would differ at the same version. Take the change back and append a new step.',
      )
    }
    assert.equal(steps.length, known.length, 'a released step is gone')
  })
}

test('the columns that rows are written to are those that the migrations made', {
  skip: without.postgres,
}, async (t) => {
  const postgres = await startPostgres()
  t.after(() => postgres.dispose())
  const pool = openDatabase(postgres.url)
  t.after(() => pool.end())
  await migrate(pool)
  const { rows } = await pool.query(
    `SELECT column_name AS name, data_type AS type FROM information_schema.columns WHERE table_name = 'ledger'`,
  )
  assert.deepEqual(Object.fromEntries(rows.map(({ name, type }) => [name, type])), { ...COLUMNS })
})
