import { once } from 'node:events'
import { startRedisCluster } from './support/redis-cluster.ts'
import { startPostgres, startRedis } from './support/stores.ts'

/**
 * `npm run stores [-- --cluster]`: a Redis, or a cluster of three, and a PostgreSQL to develop against, on
 * free loopback ports, with data that goes when they end. Prints what a configuration needs; Ctrl-C ends all.
 */
const redis = process.argv.includes('--cluster')
  ? await startRedisCluster()
  : await startRedis({ persistence: 'everysec' })
const postgres = await startPostgres()
const address = 'urls' in redis ? `[${redis.urls.join(', ')}]` : redis.url
console.log(`store:\n  redis: ${address}\n  postgres: ${postgres.url}`)
const keepAlive = setInterval(() => {}, 60_000)
await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
clearInterval(keepAlive)
await Promise.all([redis.dispose(), postgres.dispose()])
