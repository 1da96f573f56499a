import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Store, startPostgres, startRedis, without } from '../../support/stores.ts'

test('redis is started, frozen, thawed, killed and started again', { skip: without.redis }, async () => {
  const redis = await startRedis()
  try {
    assert.equal(await said(redis, 'PING\r\n', 1_000), '+PONG\r\n')
    redis.freeze()
    assert.equal(await said(redis, 'PING\r\n', 100), '')
    redis.thaw()
    assert.equal(await said(redis, 'PING\r\n', 1_000), '+PONG\r\n')
    await redis.kill()
    await assert.rejects(said(redis, 'PING\r\n', 1_000), /ECONNREFUSED/)
    await redis.start()
    assert.equal(await said(redis, 'PING\r\n', 1_000), '+PONG\r\n')
  } finally {
    await redis.dispose()
  }
})

/** An SSLRequest, which a server answers with a single letter. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])

test('postgres is started, killed and started again', { skip: without.postgres }, async () => {
  const postgres = await startPostgres()
  try {
    assert.equal(await said(postgres, SSL_REQUEST, 5_000), 'N')
    postgres.freeze()
    assert.equal(await said(postgres, SSL_REQUEST, 100), '')
    postgres.thaw()
    await postgres.kill()
    await postgres.start()
    assert.equal(await said(postgres, SSL_REQUEST, 5_000), 'N')
    await postgres.stop()
    await assert.rejects(said(postgres, SSL_REQUEST, 1_000), /ECONNREFUSED/)
  } finally {
    await postgres.dispose()
  }
})

/** The first bytes a server sends in response to a message, or an empty string on timeout. */
async function said({ port }: Store, message: string | Buffer, patienceMs: number): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    socket.write(message)
    const heard = once(socket, 'data').then(([bytes]) => String(bytes))
    return await Promise.race([heard, sleep(patienceMs, '', { ref: false })])
  } finally {
    socket.destroy()
  }
}
