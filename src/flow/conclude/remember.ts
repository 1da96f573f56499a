import type { Ports } from '../ports.ts'
import type { Trip } from '../trip.ts'

/**
 * Records who holds an answer. Whoever continues from it must ask the same upstream, must be of the same
 * team, and pays for its turns again. `tokens`: the size of those turns; undefined if not known, or not yet.
 */
export function remember(
  { holders }: Pick<Ports, 'holders'>,
  { target, key, routed }: Trip,
  ids: readonly string[],
  tokens: number | undefined,
): void {
  if (target === undefined || key === undefined) return
  const { model, upstream } = target
  holders.remember(ids, { team: key.team.name, model, upstream, class: routed?.class ?? null, tokens })
}
