import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { openLedger } from '../../src/ledger/sqlite/ledger.ts'
import { eventually } from '../support/eventually.ts'
import { prepareHouse } from '../support/house.ts'
import { listening, startServe } from '../support/served-process.ts'

/**
 * Moments during start at which the process signals itself, as modules that are preloaded. By the time it begins to
 * listen, the store is open.
 */
const MOMENTS = {
  'while it is loaded': (signal: string) => `
    import { registerHooks } from 'node:module'
    registerHooks({
      load(url, context, next) {
        if (url.endsWith('/src/compose.ts')) process.kill(process.pid, '${signal}')
        return next(url, context)
      },
    })`,
  'while it begins to listen': (signal: string) => `
    import { Server } from 'node:net'
    const { listen } = Server.prototype
    let signalled = false
    Server.prototype.listen = function (...args) {
      if (!signalled) process.kill(process.pid, '${signal}')
      signalled = true
      return listen.apply(this, args)
    }`,
}

async function startSignalled(t: TestContext, module: string) {
  const { config, database, close } = await prepareHouse({
    settings: { server: { listen: '127.0.0.1:0', admin: '127.0.0.1:0' }, log: { level: 'info' } },
  })
  t.after(close)
  const served = startServe(t, ['--config', config], {
    NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(module)}`,
  })
  return { ...served, database }
}

for (const [moment, moduleFor] of Object.entries(MOMENTS)) {
  test(`on SIGHUP ${moment} the server starts and reloads once`, async (t) => {
    const served = await startSignalled(t, moduleFor('SIGHUP'))
    await listening(served)
    const reloads = () => served.printed.stdout.split('the configuration was reloaded').length - 1
    await eventually(() => (reloads() > 0 ? true : undefined))
    served.child.kill('SIGTERM')
    assert.deepEqual(await served.exited, [0, null])
    assert.equal(reloads(), 1)
  })

  for (const signal of ['SIGTERM', 'SIGINT']) {
    test(`on ${signal} ${moment} the server exits with code 0 and leaves nothing open`, async (t) => {
      const { exited, database } = await startSignalled(t, moduleFor(signal))
      assert.deepEqual(await exited, [0, null])
      await openLedger(database).close()
    })
  }
}
