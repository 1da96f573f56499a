import { z } from 'zod'
import type { RedisAddress } from '../address.ts'
import type { Reply } from '../connection.ts'

/** Slots `from` to `to` are on the server at `host` and `port`. */
export interface Stretch {
  readonly from: number
  readonly to: number
  readonly host: string
  readonly port: number
}

const Master = z.tuple([z.string().nullable(), z.number()], z.unknown())
const Slots = z.array(z.tuple([z.number(), z.number(), Master], z.unknown()))

/**
 * Parses a node's reply to `CLUSTER SLOTS`. A node that does not know its own host omits it; the host it was
 * asked at then stands in. Replicas are left out.
 */
export function readLayout(reply: Reply, asked: Pick<RedisAddress, 'host'>): readonly Stretch[] {
  return Slots.parse(reply).map(([from, to, [host, port]]) => {
    const isKnown = host !== null && host !== '' && host !== '?'
    return { from, to, host: isKnown ? host : asked.host, port }
  })
}
