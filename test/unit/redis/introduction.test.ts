import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, suite, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { connect } from '../../../src/redis/connect.ts'
import { Misaddressed } from '../../../src/redis/misaddressed.ts'
import { script } from '../../../src/redis/script.ts'
import { StoreUnavailable } from '../../../src/redis/store-unavailable.ts'
import { untilReady } from '../../../src/redis/until-ready.ts'
import { redisCall } from '../../support/redis-call.ts'
import { freePort, type Store, StoreProcess } from '../../support/store-process.ts'
import { startRedis, without } from '../../support/stores.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'
import { makeCertificate } from '../../support/throwaway-certificate.ts'

/** The rights that docs/operations.md tells operators to give Trivium’s own Redis user. */
const GRANTS =
  '~trivium:* +@read +@write -@dangerous +evalsha +script|load +time +info +select +client|setname +cluster|slots'
const count = script(`return redis.call('INCR', KEYS[1])`)

suite('the handshake with a Redis', { skip: without.redis }, () => {
  let redis: Store
  before(async () => {
    redis = await startRedis()
  })
  after(() => redis.dispose())

  test('a database that does not exist is refused, not replaced by database 0', async (t) => {
    await refused(t, `${redis.url}/99`, /^127\.0\.0\.1:\d+ has no database 99$/)
  })

  test('the given database is used, also after a reconnection', async (t) => {
    const connection = opened(t, `${redis.url}/3`)
    await untilReady(connection)
    assert.equal(await connection.run(count, ['trivium:n'], []), 1)
    await redisCall(redis.port, ['CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'])
    await untilReady(connection)
    while ((await connection.command('GET', ['trivium:n']).catch(unlessAway)) !== '1') await sleep(5)
    assert.equal(await redisCall(redis.port, ['EXISTS', 'trivium:n']), '0', 'nothing is in database 0')
  })

  test('a list of addresses is refused for a single server, and a single address for a cluster', async (t) => {
    await refused(t, [redis.url], /is not a cluster node: give one address, not a list$/)
    const node = await startRedis({
      args: ['--cluster-enabled', 'yes', '--cluster-port', String(await freePort())],
    })
    t.after(() => node.dispose())
    await refused(t, node.url, /is a cluster node: list the cluster’s nodes, /)
  })

  test('a Sentinel is refused', async (t) => {
    const folder = temporaryDirectory()
    const port = await freePort()
    const file = join(folder.path, 'sentinel.conf')
    writeFileSync(file, `port ${port}\nbind 127.0.0.1\ndir ${folder.path}\n`)
    const sentinel = new StoreProcess({
      command: 'redis-server',
      args: [file, '--sentinel'],
      port,
      stopSignal: 'SIGTERM',
      ready: /Sentinel ID is/,
    })
    t.after(async () => {
      await sentinel.kill()
      folder.dispose()
    })
    await sentinel.start()
    await refused(t, `redis://127.0.0.1:${port}`, /is a Sentinel, which is not supported: give the address/)
  })

  test('a user with the documented rights is enough, and a wrong password is reported', async (t) => {
    await redisCall(redis.port, ['ACL', 'SETUSER', 'trivium', 'on', '>p@ss:word/%', ...GRANTS.split(' ')])
    const address = (password: string) =>
      `redis://trivium:${encodeURIComponent(password)}@127.0.0.1:${redis.port}`
    const connection = opened(t, address('p@ss:word/%'))
    await untilReady(connection)
    await connection.run(count, ['trivium:{r}:n'], [])
    for (const [name, ...args] of [
      ['SADD', 'trivium:teams', 'r'],
      ['XGROUP', 'CREATE', 'trivium:{r}:rows', 'ledger', '0', 'MKSTREAM'],
      ['XREADGROUP', 'GROUP', 'ledger', 'me', 'COUNT', 1, 'STREAMS', 'trivium:{r}:rows', '>'],
      ['XAUTOCLAIM', 'trivium:{r}:rows', 'ledger', 'me', 1, '0'],
    ] as const)
      await connection.command(name, args)
    await assert.rejects(connection.run(count, ['other'], []), /NOPERM|No permissions/)
    const wrong = opened(t, address('wrong'))
    while (!/^WRONGPASS/.test(whyOf(wrong))) await sleep(5)
  })

  test('rediss:// uses TLS by host name and by IP address, and trusts no unknown certificate', async (t) => {
    const folder = temporaryDirectory()
    const certificate = makeCertificate(folder.path)
    const tlsPort = await freePort()
    const secured = await startRedis({
      args: [
        ...['--tls-port', String(tlsPort), '--tls-auth-clients', 'no', '--requirepass', 'secret'],
        ...['--tls-cert-file', certificate.certificateFile, '--tls-key-file', certificate.keyFile],
      ],
    })
    t.after(async () => {
      await secured.dispose()
      folder.dispose()
    })
    const stranger = opened(t, `rediss://:secret@127.0.0.1:${tlsPort}`)
    while (!/self-signed certificate/.test(whyOf(stranger))) await sleep(5)
    const trusted = getCACertificates()
    t.after(() => setDefaultCACertificates(trusted))
    setDefaultCACertificates([...trusted, certificate.pem])
    for (const host of ['localhost', '127.0.0.1']) {
      const connection = opened(t, `rediss://:secret@${host}:${tlsPort}/1`)
      await untilReady(connection)
      await connection.run(count, ['trivium:n'], [])
    }
    const plain = opened(t, `redis://:secret@127.0.0.1:${tlsPort}`)
    while (whyOf(plain) === 'not connected yet') await sleep(5)
    assert.equal(plain.health().ok, false)
  })
})

function opened(context: TestContext, to: string | readonly string[]) {
  const connection = connect(to, { deadlineMs: 5_000 })
  context.after(() => connection.close())
  return connection
}

async function refused(context: TestContext, to: string | readonly string[], why: RegExp): Promise<void> {
  const connection = opened(context, to)
  await assert.rejects(untilReady(connection), (error) => {
    assert.ok(error instanceof Misaddressed)
    assert.match(error.message, why)
    return true
  })
  await assert.rejects(connection.command('GET', ['a']), StoreUnavailable)
}

function whyOf(connection: ReturnType<typeof connect>): string {
  const health = connection.health()
  return health.ok ? '' : health.why
}

function unlessAway(error: unknown): undefined {
  assert.ok(error instanceof StoreUnavailable, String(error))
}
