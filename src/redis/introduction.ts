import type { Redis } from 'iovalkey'
import { placeOf, type RedisAddress } from './address.ts'
import { Misaddressed } from './misaddressed.ts'

/** What a server is taken for: one that has everything, or one of several that share it. */
export type Part = 'whole' | 'cluster node'

const ADVICE: Readonly<Record<string, string>> = {
  cluster: 'is a node of a cluster: give its nodes as a list, [redis://…, redis://…]',
  standalone: 'is no node of a cluster: give one address, not a list',
  sentinel: 'is a Sentinel, which is not supported: give a name that leads to the server it watches over',
}

/**
 * Asks a server that was just connected for the database we want, and whether it is what we take it for; the driver would go
 * on in database 0 where there is no other. Throws `Misaddressed`, or what the connection throws.
 */
export async function introduce(redis: Redis, address: RedisAddress, part: Part): Promise<void> {
  // A user who may not ask is trusted to know.
  const info = await redis.info('server').catch((error: unknown) => {
    if (error instanceof Error && error.message.startsWith('NOPERM')) return ''
    throw error
  })
  const [, mode = ''] = /^(?:redis|server)_mode:(\w+)/m.exec(info) ?? []
  const wanted = part === 'whole' ? 'standalone' : 'cluster'
  const advice = mode === wanted ? undefined : ADVICE[mode]
  if (advice !== undefined) throw new Misaddressed(`${placeOf(address)} ${advice}`)
  if (address.database === 0) return
  await redis.select(address.database).catch((error: unknown) => {
    if (!(error instanceof Error && /index is out of range/.test(error.message))) throw error
    throw new Misaddressed(`${placeOf(address)} has no database ${address.database}`, { cause: error })
  })
}
