import type { Redis } from 'iovalkey'
import { authorityOf, type RedisAddress } from './address.ts'
import { Misaddressed } from './misaddressed.ts'

/** What a server is expected to be: a standalone server with all data, or a node of a cluster. */
export type Part = 'whole' | 'cluster node'

const ADVICE: Readonly<Record<string, string>> = {
  cluster: 'is a cluster node: list the cluster’s nodes, [redis://…, redis://…]',
  standalone: 'is not a cluster node: give one address, not a list',
  sentinel: 'is a Sentinel, which is not supported: give the address of the server it monitors',
}

/**
 * Selects the database on a new connection and checks that the server is of the expected kind. If the
 * database does not exist, the driver on its own would silently continue in database 0. Throws
 * `Misaddressed`, or what the connection throws.
 */
export async function introduce(redis: Redis, address: RedisAddress, part: Part): Promise<void> {
  // A user without permission to ask is trusted.
  const info = await redis.info('server').catch((error: unknown) => {
    if (error instanceof Error && error.message.startsWith('NOPERM')) return ''
    throw error
  })
  const [, mode = ''] = /^(?:redis|server)_mode:(\w+)/m.exec(info) ?? []
  const wanted = part === 'whole' ? 'standalone' : 'cluster'
  const advice = mode === wanted ? undefined : ADVICE[mode]
  if (advice !== undefined) throw new Misaddressed(`${authorityOf(address)} ${advice}`)
  if (address.database === 0) return
  await redis.select(address.database).catch((error: unknown) => {
    if (!(error instanceof Error && /index is out of range/.test(error.message))) throw error
    throw new Misaddressed(`${authorityOf(address)} has no database ${address.database}`, { cause: error })
  })
}
