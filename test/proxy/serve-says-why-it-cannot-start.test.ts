import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { type TestContext, test } from 'node:test'
import { openHouse, prepareHouse } from '../support/house.ts'
import { startServe } from '../support/served-process.ts'
import { startRedis, without } from '../support/stores.ts'

/** Exit code 2, nothing on stdout, and on stderr a line for each thing to mend. */
async function refuses(t: TestContext, args: readonly string[], words: RegExp): Promise<void> {
  const { printed, exited } = startServe(t, args)
  assert.deepEqual(await exited, [2, null])
  assert.equal(printed.stdout, '')
  assert.match(printed.stderr, /^(trivium serve: [^\n]+\n)+$/)
  assert.match(printed.stderr, words)
}

test('a second process on the same store', async (t) => {
  const { config } = await openHouse(t)
  await refuses(t, ['--config', config], /ledger\.db: another process is using this store/)
})

test('a store that is no database', async (t) => {
  const { config, database, close } = await prepareHouse()
  t.after(close)
  writeFileSync(database, 'this is a text file, and a rather long one at that')
  await refuses(t, ['--config', config], /ledger\.db: .*(not a SQLite database|not a database)/)
})

test('a Redis that has not the database that is wanted', { skip: without.redis }, async (t) => {
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

test('a configuration with an unknown key, and the known one it is nearest to', async (t) => {
  const { config, rewrite, close } = await prepareHouse()
  t.after(close)
  rewrite({ upstream: { retrys: 1 } })
  await refuses(t, ['--config', config], /trivium\.yaml.*retrys.*retries/)
})

test('a configuration that is not there', async (t) => {
  await refuses(t, ['--config', 'nowhere/trivium.yaml'], /nowhere\/trivium\.yaml/)
})

test('the default configuration without a key, naming the demo', async (t) => {
  await refuses(t, [], /OPENAI_API_KEY[\s\S]*demo/)
})

test('an address that is taken', async (t) => {
  const { baseUrl } = await openHouse(t)
  const { config, rewrite, close } = await prepareHouse()
  t.after(close)
  rewrite({ settings: { server: { listen: new URL(baseUrl).host, admin: '127.0.0.1:0' } } })
  await refuses(t, ['--config', config], /EADDRINUSE/)
})

test('a name to listen on that is nobody’s', async (t) => {
  const { config, rewrite, close } = await prepareHouse()
  t.after(close)
  rewrite({ settings: { server: { listen: 'no..host:0', admin: '127.0.0.1:0' } } })
  await refuses(t, ['--config', config], /no\.\.host/)
})

test('an unknown option', async (t) => {
  await refuses(t, ['--confg', 'x'], /--confg/)
})

test('a model whose name cannot stand in a header', async (t) => {
  const { config, rewrite, close } = await prepareHouse()
  t.after(close)
  rewrite({ settings: { models: { 'o1-mini': { shutdown: 'never' }, 模型: { same_as: 'gpt-4o' } } } })
  await refuses(t, ['--config', config], /trivium\.yaml.*models.*模型.*ASCII/)
})
