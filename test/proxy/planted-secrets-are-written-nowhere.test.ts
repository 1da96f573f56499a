import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { parseKept, wordsKept } from '../../src/capture/kept-prompt.ts'
import { CAPTURE_MODES } from '../../src/capture/mode.ts'
import { compose } from '../../src/compose.ts'
import { teamKeys } from '../../src/ledger/redis-postgres/team-keys.ts'
import { listenIn, tellEverything } from '../support/admin-answers.ts'
import { askWhole } from '../support/client.ts'
import { eventually } from '../support/eventually.ts'
import { keyEntry, prepareHouse, readRows } from '../support/house.ts'
import { listening, startServe } from '../support/served-process.ts'
import { type SharedStores, startSharedStores, withoutShared } from '../support/shared-stores.ts'
import { chatBody } from '../support/written-upstream.ts'
import { secrets } from '../unit/capture/secrets.ts'

/**
 * Every kind, in many shapes. The core of a short one could occur by chance, so those are searched for as
 * written.
 */
const PLANTED = fc.sample(secrets, { numRuns: 80, seed: 7 })
const NEEDLES = PLANTED.flatMap(({ written, core }) => (core.length < 8 ? [written] : [written, core]))

/** A team for each capture mode, overriding the house's. */
const teams = Object.fromEntries(
  CAPTURE_MODES.map((mode) => [mode, { capture: mode, keys: [keyEntry(`sk-${mode}`)] }]),
)
const capture = { prompts: 'full', redact: [{ mark: 'customer', pattern: 'C-\\d{6}' }] }

/** Short and long turns, with secrets everywhere in a conversation. */
function* bodies(): Generator<object> {
  const filler = 'Tell me more about the history of the harbour, if you please. '.repeat(40)
  for (const [index, { written }] of PLANTED.entries()) {
    const other = PLANTED[(index * 7 + 1) % PLANTED.length]?.written ?? ''
    const messages = [
      { role: 'system', content: `Never tell ${other}` },
      { role: 'user', content: `Write to ${other} about customer C-123456, please` },
      { role: 'assistant', content: `I wrote to ${other}` },
      {
        role: 'user',
        content: index % 2 === 0 ? `What of ${written} ?` : `${filler}${written}\n${filler} ${written}`,
      },
    ]
    // Any model name is routed, even a key that was pasted into the wrong field.
    yield chatBody({ model: index % 4 === 0 ? 'auto' : written, messages, user: `${index}` })
  }
}

/** Sends every body in every mode and returns all response headers. */
async function plant(url: string): Promise<string> {
  let told = ''
  for (const body of bodies()) {
    const answers = await Promise.all(CAPTURE_MODES.map((mode) => askWhole(url, { body, key: `sk-${mode}` })))
    for (const { status, headers } of answers) {
      assert.equal(status, 200)
      told += JSON.stringify(headers)
    }
  }
  return told
}

function assertClean(where: string, text: Buffer | string): void {
  for (const needle of [...NEEDLES, 'C-123456'])
    assert.ok(!text.includes(needle), `${needle} stands in ${where}`)
}

function filesBeneath(folder: string) {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
}

test('no secret reaches the ledger’s files, the log or a header, in any mode', async (t) => {
  const house = await prepareHouse({ settings: { teams, capture, log: { level: 'trace' } } })
  t.after(() => house.close())
  const served = startServe(t, ['--config', house.config])
  const url = `${await listening(served)}/chat/completions`
  assertClean('headers', await plant(url))
  const rows = await eventually(() => {
    const closed = readRows(house.database).filter(({ outcome }) => outcome === 'ok')
    return closed.length === PLANTED.length * CAPTURE_MODES.length ? closed : undefined
  })
  const folder = dirname(house.database)
  for (const { name, parentPath } of filesBeneath(folder)) {
    const bytes = readFileSync(join(parentPath, name))
    assertClean(name, bytes)
    assertClean(`${name} in UTF-16`, bytes.toString('utf16le'))
  }
  assert.ok(readdirSync(folder).some((file) => file.endsWith('-wal')))
  assertClean('the log', served.printed.stdout + served.printed.stderr)
  for (const { team, prompt } of rows) {
    const kept = prompt === null ? undefined : parseKept(prompt)
    assert.equal(kept === undefined, team === 'none')
    assert.equal(kept !== undefined && wordsKept(kept) === undefined, team === 'features')
    if (team === 'excerpt' || team === 'full')
      assert.match(prompt ?? '', /\[(email|phone|key|card|iban|ip)\]/)
  }
})

const ADMIN = 'an-admin-token'
const server = { listen: '127.0.0.1:0', admin: '127.0.0.1:0', admin_token: ADMIN }

/** Checks all that people are shown: it has redaction marks, and nothing of a secret. */
function assertShownClean(shown: string, live: string): void {
  assertClean('an answer of the admin API', shown)
  assertClean('the live log', live)
  for (const told of [shown, live]) assert.match(told, /\[(email|phone|key|card|iban|ip)\]/)
  const events = live.split('event: request').length - 1
  assert.equal(events, PLANTED.length * CAPTURE_MODES.length)
}

test('no secret appears in lists, rows, exports, reviews or the live log, in any mode', async (t) => {
  const house = await prepareHouse({ settings: { teams, capture, server } })
  t.after(() => house.close())
  const program = await compose({ config: house.config, env: {} })
  t.after(() => program.close())
  const stop = await listenIn(program.adminUrl, ADMIN)
  await plant(`${program.dataUrl}/v1/chat/completions`)
  await eventually(() => {
    const closed = readRows(house.database).filter(({ outcome }) => outcome === 'ok')
    return closed.length === PLANTED.length * CAPTURE_MODES.length || undefined
  })
  assertShownClean(await tellEverything(program.adminUrl, ADMIN), await stop())
})

describe('in shared stores', { skip: withoutShared }, () => {
  let stores: SharedStores
  before(async () => {
    stores = await startSharedStores()
  })
  after(() => stores.dispose())

  test('no secret reaches Redis, where rows are buffered, or Postgres', async (t) => {
    const store = { redis: stores.redis.url, postgres: stores.postgres.url }
    const house = await prepareHouse({ settings: { teams, capture, store, server } })
    t.after(() => house.close())
    const replica = await compose({ config: house.config, env: {} })
    t.after(() => replica.close())
    const url = `${replica.dataUrl}/v1/chat/completions`
    for (const mode of CAPTURE_MODES) await askWhole(url, { body: chatBody(), key: `sk-${mode}` })
    await stores.postgres.stop()
    await plant(url)
    let waiting = ''
    for (const mode of CAPTURE_MODES)
      waiting += await stores.redisCall('XRANGE', teamKeys(mode).rows, '-', '+')
    await stores.postgres.start()
    const wanted = (PLANTED.length + 1) * CAPTURE_MODES.length
    const rows = await eventually(async () => {
      const found = await stores.query('SELECT ledger::text AS line FROM ledger')
      return found.length < wanted ? undefined : found
    })
    const lines = rows.map(({ line }) => String(line)).join('\n')
    for (const [where, text] of [
      ['redis', waiting],
      ['postgres', lines],
    ] as const) {
      assertClean(where, text)
      assert.match(text, /\[(email|phone|key|card|iban|ip)\]/, `${where} has kept no text at all`)
    }
    assertClean('an answer of the admin API', await tellEverything(replica.adminUrl, ADMIN))
  })
})
