import type { Target } from '../base/target.ts'

/** One of several places that serve a model, and its share of the requests beside the others'. */
export interface Lane {
  readonly target: Target
  readonly weight: number
}

/**
 * The order in which a request asks the places of one model. Those with the same `key` ask in the same order, so that a
 * conversation finds its prompt cache again; over many keys each place is first as often as its weight says. When a
 * place comes or goes, only keys that it was first for move (weighted rendezvous hashing).
 */
export function inTurn(lanes: readonly Lane[], key: string): readonly Target[] {
  return lanes
    .map(({ target, weight }) => ({ target, score: Math.log(uniform(key, target.upstream)) / weight }))
    .sort((a, b) => b.score - a.score)
    .map(({ target }) => target)
}

const PRIME = 0x01000193

/** A number between 0 and 1, always the same for the same words. */
function uniform(key: string, name: string): number {
  let hash = 0x811c9dc5
  for (const text of [key, '\n', name]) {
    for (let index = 0; index < text.length; index += 1)
      hash = Math.imul(hash ^ text.charCodeAt(index), PRIME)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32 + 2 ** -33
}
