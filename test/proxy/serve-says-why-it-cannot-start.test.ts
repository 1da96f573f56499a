import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { type TestContext, test } from 'node:test'
import { openHouse, prepareHouse } from '../support/house.ts'
import { startServe } from '../support/served-process.ts'
import { startRedis, without } from '../support/stores.ts'

/** Checks for exit code 2, nothing on stdout, and a line on stderr for each thing to fix. */
async function refuses(t: TestContext, args: readonly string[], words: RegExp): Promise<void> {
  const { printed, exited } = startServe(t, args)
  assert.deepEqual(await exited, [2, null])
  assert.equal(printed.stdout, '')
  assert.match(printed.stderr, /^(trivium serve: [^\n]+\n)+$/)
  assert.match(printed.stderr, words)
}

test('serve refuses a store that another process uses', async (t) => {
  const { config } = await openHouse(t)
  await refuses(t, ['--config', config], /ledger\.db: another process is using this store/)
})

test('serve refuses a store that is not a database', async (t) => {
  const { config, database, close } = await prepareHouse()
  t.after(close)
  writeFileSync(database, 'this is a text file, and a rather long one at that')
  await refuses(t, ['--config', config], /ledger\.db: .*(not a SQLite database|not a database)/)
})

test('serve refuses a Redis without the configured database', { skip: without.redis }, async (t) => {
  const redis = await startRedis()
  t.after(() => redis.dispose())
  const store = { redis: `${redis.url}/99`, postgres: 'postgres://nobody@127.0.0.1:1/none' }
  const { config, close } = await prepareHouse({ settings: { store } })
  t.after(close)
  await refuses(
    t,
    ['--config', config],
    /trivium\.yaml:\d+: store\.redis: 127\.0\.0\.1:\d+ has no database 99\n$/,
  )
})

test('serve refuses an unknown configuration key and suggests the nearest known one', async (t) => {
  const { config, rewrite, close } = await prepareHouse()
  t.after(close)
  rewrite({ upstream: { retrys: 1 } })
  await refuses(t, ['--config', config], /trivium\.yaml.*retrys.*retries/)
})

test('serve refuses a missing configuration', async (t) => {
  await refuses(t, ['--config', 'nowhere/trivium.yaml'], /nowhere\/trivium\.yaml/)
})

test('serve refuses the default configuration without a key and mentions the demo', async (t) => {
  await refuses(t, [], /OPENAI_API_KEY[\s\S]*demo/)
})

test('serve refuses an address in use', async (t) => {
  const { baseUrl } = await openHouse(t)
  const { config, rewrite, close } = await prepareHouse()
  t.after(close)
  rewrite({ settings: { server: { listen: new URL(baseUrl).host, admin: '127.0.0.1:0' } } })
  await refuses(t, ['--config', config], /EADDRINUSE/)
})

test('serve refuses a host name that does not resolve', async (t) => {
  const { config, rewrite, close } = await prepareHouse()
  t.after(close)
  rewrite({ settings: { server: { listen: 'no..host:0', admin: '127.0.0.1:0' } } })
  await refuses(t, ['--config', config], /no\.\.host/)
})

test('serve refuses an unknown option', async (t) => {
  await refuses(t, ['--confg', 'x'], /--confg/)
})

test('serve refuses a model name that cannot go into a header', async (t) => {
  const { config, rewrite, close } = await prepareHouse()
  t.after(close)
  rewrite({ settings: { models: { 'o1-mini': { shutdown: 'never' }, 模型: { same_as: 'gpt-4o' } } } })
  await refuses(t, ['--config', config], /trivium\.yaml.*models.*模型.*ASCII/)
})
