import { type ConnectOptions, connect } from '../../src/redis/connect.ts'
import type { RedisConnection } from '../../src/redis/connection.ts'
import { eventually } from './eventually.ts'

/** Connects and waits until calls are accepted. */
export async function connected(
  to: string | readonly string[],
  options?: ConnectOptions,
): Promise<RedisConnection> {
  const connection = connect(to, options)
  await eventually(() => isWell(connection) || undefined)
  return connection
}

/** Whether it serves, and in a cluster, every part of it. */
export function isWell(connection: RedisConnection): boolean {
  const health = connection.health()
  return health.ok && health.warning === undefined
}
