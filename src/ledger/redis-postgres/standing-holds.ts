import { z } from 'zod'
import type { RequestId } from '../../base/ids.ts'
import type { RedisConnection, Reply } from '../../redis/connection.ts'
import { textsIn } from '../../redis/reply.ts'
import type { Line } from './columns.ts'
import { type AccountKey, accountsOf, teamKeys } from './team-keys.ts'

const OpenRow = z.looseObject({ team: z.string(), key: z.string(), at: z.number() })

/** A hold as Redis has it: its key, and the accounts it counts in. */
export interface StandingHold {
  readonly name: string
  readonly accounts: readonly AccountKey[]
}

/** Parses a hold's open row; undefined if Redis no longer has the hold. */
export function openRowIn(reply: Reply): (Line & z.infer<typeof OpenRow>) | undefined {
  const open = OpenRow.safeParse(typeof reply === 'string' ? JSON.parse(reply) : undefined)
  return open.success ? open.data : undefined
}

/** The open holds of a team, from any replica. */
export async function standingHolds(redis: RedisConnection, team: string): Promise<readonly StandingHold[]> {
  const { leases, hold } = teamKeys(team)
  const names = textsIn(await redis.command('ZRANGE', [leases, 0, -1])).map((id) => hold(id as RequestId))
  const rows = await Promise.all(names.map((name) => redis.command('HGET', [name, 'row'])))
  return names.flatMap((name, index) => {
    const open = openRowIn(rows[index] ?? null)
    return open === undefined ? [] : [{ name, accounts: accountsOf(open) }]
  })
}
