import { fail } from '../base/failure.ts'
import type { Holder } from '../base/holder.ts'
import type { State } from '../routing/responses-state.ts'
import type { Admitted } from './admit.ts'
import type { Parsed } from './parse.ts'
import type { Ports } from './ports.ts'
import type { Trip } from './trip.ts'

/**
 * Finds out who holds what a request leans on, and how much more than its body will be read as input. Throws
 * `previous_response_not_found`.
 */
export async function recall(
  ports: Pick<Ports, 'holders'>,
  trip: Trip,
  admitted: Admitted,
  parsed: Parsed,
  state: State,
): Promise<Parsed> {
  let holder: Holder | undefined
  for (const id of state.ids) {
    const found = await holderOf(ports, trip, admitted, id, 'previous_response_not_found')
    holder ??= found
  }
  const { needs } = parsed
  const isBounded = state.previous === undefined || holder?.tokens !== undefined
  const size = {
    ...needs.size,
    unbounded: needs.size.unbounded || !isBounded,
    priorTokens: state.previous === undefined ? 0 : (holder?.tokens ?? 0),
  }
  return { ...parsed, needs: { ...needs, size }, holder }
}

/**
 * Who holds what this id names; undefined where nobody knows. Throws `code` for another team's, and for what lies at an
 * upstream that the configuration no longer has: nobody else could know it.
 */
export async function holderOf(
  { holders }: Pick<Ports, 'holders'>,
  { live }: Trip,
  { key }: Admitted,
  id: string,
  code: 'previous_response_not_found' | 'object_not_found',
): Promise<Holder | undefined> {
  const found = await holders.holderOf(id)
  if (found === undefined) return undefined
  if (found.team !== key.team.name) fail({ code, id })
  if (live.upstream(found.upstream) !== undefined) return found
  return fail({ code, id, left: found.upstream })
}
