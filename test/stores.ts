import { once } from 'node:events'
import { startPostgres, startRedis } from './support/stores.ts'

/**
 * `npm run stores`: a Redis and a PostgreSQL to develop against, on free loopback ports, with data that goes when
 * they end. Prints what a configuration needs; Ctrl-C ends both.
 */
const redis = await startRedis({ persistence: 'everysec' })
const postgres = await startPostgres()
console.log(`store:\n  redis: ${redis.url}\n  postgres: ${postgres.url}`)
const keepAlive = setInterval(() => {}, 60_000)
await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
clearInterval(keepAlive)
await Promise.all([redis.dispose(), postgres.dispose()])
