import { type ConnectOptions, connect } from '../../src/redis/connect.ts'
import type { RedisConnection } from '../../src/redis/connection.ts'
import { eventually } from './eventually.ts'

/** Connects, and waits until calls are taken. */
export async function connected(url: string, options?: ConnectOptions): Promise<RedisConnection> {
  const connection = connect(url, options)
  await eventually(() => connection.health().ok || undefined)
  return connection
}
