import { parseRedisAddress } from './address.ts'
import { RedisCluster } from './cluster/cluster.ts'
import type { RedisConnection } from './connection.ts'
import { type ConnectOptions, RedisNode } from './node.ts'

export type { ConnectOptions } from './node.ts'

/**
 * Starts connecting and returns immediately; `health()` tells when the connection is up. `rediss://` is TLS.
 * A list names nodes of a cluster; one of them has to answer and reveals the others.
 */
export function connect(to: string | readonly string[], options: ConnectOptions = {}): RedisConnection {
  if (typeof to === 'string') return new RedisNode(parseRedisAddress(to), 'whole', options)
  return new RedisCluster(to.map(parseRedisAddress), options)
}
