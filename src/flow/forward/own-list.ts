import { type Edit, elementsOf, membersOf, rootOf, type Span, splice } from '../../base/json-span.ts'
import { looselyParsed, membersIn } from '../../base/loose-json.ts'
import type { Admitted } from '../admit.ts'
import type { Ports } from '../ports.ts'

const OPEN_BRACKET = 0x5b

/**
 * Removes known objects of other teams from a list of stored objects, since all teams share the upstream
 * account. The same bytes if there are none. A page may come out shorter than requested; `first_id` and
 * `last_id` are the team's own.
 */
export async function ownList(
  { holders }: Pick<Ports, 'holders'>,
  { key: { team } }: Admitted,
  list: Buffer,
): Promise<Buffer> {
  const { data } = membersIn(looselyParsed(list))
  if (!Array.isArray(data)) return list
  const ids = data.map((each: unknown) => membersIn(each).id)
  const isOwn = await Promise.all(
    ids.map(async (id) => {
      const holder = typeof id === 'string' ? await holders.holderOf(id, true) : undefined
      return holder === undefined || holder.team === team.name
    }),
  )
  const members = membersOf(list, rootOf(list))
  const listed = members.findLast(({ key }) => key === 'data')
  if (listed === undefined || list[listed.start] !== OPEN_BRACKET || !isOwn.includes(false)) return list
  const own = elementsOf(list, listed.start).filter((_, index) => isOwn[index])
  const texts = own.map(({ start, end }) => list.toString('utf8', start, end))
  const ownIds = ids.filter((_, index) => isOwn[index])
  const ends: Readonly<Record<string, unknown>> = { first_id: ownIds[0], last_id: ownIds.at(-1) }
  const edits = members.flatMap(({ key, ...span }) =>
    Object.hasOwn(ends, key) ? [replaced(span, JSON.stringify(ends[key] ?? null))] : [],
  )
  return splice(list, [replaced(listed, `[${texts.join(',')}]`), ...edits])
}

function replaced({ start, end }: Span, text: string): Edit {
  return { start, end, text }
}
