import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from '../support/eventually.ts'
import { prepareHouse } from '../support/house.ts'
import { listening, startServe } from '../support/served-process.ts'

/** Houses never read their upstream's list of models, so the dates come from the configuration. */
const settingsWith = (retired: string) => ({
  server: { listen: '127.0.0.1:0', admin: '127.0.0.1:0' },
  models: Object.fromEntries(
    ['o1-mini', 'gpt-4o', 'gpt-4o-mini'].map((model) => [
      model,
      { shutdown: model === retired ? '2024-01-15' : 'never' },
    ]),
  ),
  log: { level: 'warn' },
})

test('a start and a reload warn of each routed model whose day has come', async (t) => {
  const { config, rewrite, close } = await prepareHouse({ settings: settingsWith('gpt-4o') })
  t.after(close)
  const served = startServe(t, ['--config', config])
  await listening(served)
  const warned = () =>
    [...served.printed.stdout.matchAll(/"model":"([^"]+)".*"a routed model is retired"/g)].map(
      ([, model]) => model,
    )
  await eventually(() => (warned().length > 0 ? true : undefined))
  rewrite({ settings: settingsWith('o1-mini') })
  served.child.kill('SIGHUP')
  await eventually(() => (warned().includes('o1-mini') ? true : undefined))
  served.child.kill('SIGTERM')
  assert.deepEqual(await served.exited, [0, null])
  // The watcher may have seen the change before the signal, and then it is loaded twice.
  assert.deepEqual([...new Set(warned())], ['gpt-4o', 'o1-mini'])
})
