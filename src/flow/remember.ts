import type { Ports } from './ports.ts'
import type { Trip } from './trip.ts'

/**
 * Whoever goes on from an answer has to ask the same upstream, is of the same team, and pays for its turns once more.
 * `tokens`: what they came to; undefined where that is not known, or not yet.
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
