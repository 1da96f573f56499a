import { z } from 'zod'
import type { RedisAddress } from '../address.ts'
import type { Reply } from '../connection.ts'

/** Slots `from` to `to` are with the server at `host` and `port`. */
export interface Stretch {
  readonly from: number
  readonly to: number
  readonly host: string
  readonly port: number
}

const Master = z.tuple([z.string().nullable(), z.number()], z.unknown())
const Slots = z.array(z.tuple([z.number(), z.number(), Master], z.unknown()))

/** Reads the answer to `CLUSTER SLOTS` of a node, which knows its own host by no name of ours. Copies are left out. */
export function readLayout(reply: Reply, asked: Pick<RedisAddress, 'host'>): readonly Stretch[] {
  return Slots.parse(reply).map(([from, to, [host, port]]) => {
    const isKnown = host !== null && host !== '' && host !== '?'
    return { from, to, host: isKnown ? host : asked.host, port }
  })
}
