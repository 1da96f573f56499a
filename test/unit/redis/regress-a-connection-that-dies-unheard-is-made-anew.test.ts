import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net'
import { after, before, suite, type TestContext, test } from 'node:test'
import { connect } from '../../../src/redis/connect.ts'
import { StoreUnavailable } from '../../../src/redis/store-unavailable.ts'
import { eventually } from '../../support/eventually.ts'
import { connected } from '../../support/redis-connection.ts'
import { type Store, startRedis, without } from '../../support/stores.ts'

/**
 * A Redis that froze for 13 seconds left every replica refusing for good. When the driver gave up the connection, it
 * dropped the calls in flight, the request for Redis' time among them, and every later connection waited for that
 * one reply.
 */
suite('a connection that dies unnoticed', { skip: without.redis }, () => {
  let redis: Store
  before(async () => {
    redis = await startRedis()
  })
  after(() => redis.dispose())

  // INFO says what the server is, TIME until when a call is worth doing: both are sent before any other call.
  for (const word of ['server', 'time']) {
    test(`is replaced if it closes before "${word}" is answered`, async (t) => {
      let cuts = 3
      const port = await relayTo(redis, t, (said, client) => {
        if (!said.includes(word) || cuts === 0) return false
        cuts -= 1
        client.destroy()
        return true
      })
      const connection = connect(`redis://127.0.0.1:${port}`)
      t.after(() => connection.close())
      await eventually(() => connection.health().ok || undefined)
      assert.equal(cuts, 0)
    })

    test(`is replaced if "${word}" is met with silence`, async (t) => {
      let silences = 2
      const port = await relayTo(redis, t, (said) => {
        if (!said.includes(word) || silences === 0) return false
        silences -= 1
        return true
      })
      const connection = connect(`redis://127.0.0.1:${port}`, { silenceMs: 100 })
      t.after(() => connection.close())
      await eventually(() => connection.health().ok || undefined)
      assert.equal(silences, 0)
    })
  }

  test('is replaced if its server is too busy to tell the time', async (t) => {
    let busy = 2
    const port = await relayTo(redis, t, (said, client) => {
      if (!said.includes('time') || busy === 0) return false
      busy -= 1
      client.write('-BUSY Redis is busy running a script.\r\n')
      return true
    })
    const connection = connect(`redis://127.0.0.1:${port}`)
    t.after(() => connection.close())
    await eventually(() => connection.health().ok || undefined)
    assert.equal(busy, 0)
  })

  test('fails the calls in flight at once, without waiting for their deadline', async (t) => {
    const port = await relayTo(redis, t, (said, client) => {
      if (!said.includes('BLPOP')) return false
      client.destroy()
      return true
    })
    const connection = await connected(`redis://127.0.0.1:${port}`, { deadlineMs: 600_000 })
    t.after(() => connection.close())
    const wait = connection.command('BLPOP', ['nothing', 0])
    await assert.rejects(wait, (error) => {
      assert.ok(error instanceof StoreUnavailable && error.mayBeDone)
      assert.equal(error.message, 'redis: the connection was closed')
      return true
    })
  })
})

/** Relays traffic both ways, except what `takes` swallows. Closes with the test. */
async function relayTo(redis: Store, t: TestContext, takes: (said: string, client: Socket) => boolean) {
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const line = dial(redis.port, '127.0.0.1')
    for (const socket of [client, line]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.once('close', () => {
        client.destroy()
        line.destroy()
      })
    }
    line.pipe(client)
    client.on('data', (said) => {
      if (!takes(said.toString(), client)) line.write(said)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return (server.address() as AddressInfo).port
}
