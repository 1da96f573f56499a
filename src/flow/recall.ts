import { fail } from '../base/failure.ts'
import type { Holder } from '../base/holder.ts'
import type { State } from '../routing/responses-state.ts'
import type { Admitted } from './admit.ts'
import type { Parsed } from './parse.ts'
import type { Ports } from './ports.ts'

/**
 * Finds out who holds what a request leans on, and how much more than its body will be read as input. Throws
 * `previous_response_not_found` for another team's.
 */
export async function recall(
  { holders }: Pick<Ports, 'holders'>,
  { key }: Admitted,
  parsed: Parsed,
  state: State,
): Promise<Parsed> {
  let holder: Holder | undefined
  for (const id of state.ids) {
    const found = await holders.holderOf(id)
    if (found !== undefined && found.team !== key.team.name) {
      fail({ code: 'previous_response_not_found', id })
    }
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
