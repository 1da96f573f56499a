import { parseRedisAddress } from './address.ts'
import { RedisCluster } from './cluster/cluster.ts'
import type { RedisConnection } from './connection.ts'
import { type ConnectOptions, RedisNode } from './node.ts'

export type { ConnectOptions } from './node.ts'

/**
 * Begins to connect and answers at once: `health()` tells when it is done. `rediss://` is TLS. A list names nodes of a
 * cluster, of which one has to answer: it tells of the others.
 */
export function connect(to: string | readonly string[], options: ConnectOptions = {}): RedisConnection {
  if (typeof to === 'string') return new RedisNode(parseRedisAddress(to), 'whole', options)
  return new RedisCluster(to.map(parseRedisAddress), options)
}
