import { elementsOf, membersOf, rootOf, splice } from '../../base/json-span.ts'
import { looselyParsed, membersIn } from '../../base/loose-json.ts'
import type { Admitted } from '../admit.ts'
import type { Ports } from '../ports.ts'

const OPEN_BRACKET = 0x5b

/**
 * A list of stored chats without those that are known to be another team's: all teams share the upstream's account. The
 * same bytes where there are none.
 */
export async function ownChats(
  { holders }: Pick<Ports, 'holders'>,
  { key: { team } }: Admitted,
  list: Buffer,
): Promise<Buffer> {
  const chats = membersIn(looselyParsed(list)).data
  if (!Array.isArray(chats)) return list
  const isOwn = await Promise.all(
    chats.map(async (chat: unknown) => {
      const { id } = membersIn(chat)
      const holder = typeof id === 'string' ? await holders.holderOf(id) : undefined
      return holder === undefined || holder.team === team.name
    }),
  )
  const data = membersOf(list, rootOf(list)).findLast(({ key }) => key === 'data')
  if (data === undefined || list[data.start] !== OPEN_BRACKET || !isOwn.includes(false)) return list
  const own = elementsOf(list, data.start).filter((_, index) => isOwn[index])
  const text = `[${own.map(({ start, end }) => list.toString('utf8', start, end)).join(',')}]`
  return splice(list, [{ start: data.start, end: data.end, text }])
}
