import type { Target } from '../base/target.ts'

/** One of several places that serve a model, with its share of the requests. */
export interface Lane {
  readonly target: Target
  readonly weight: number
}

/**
 * The order in which a request asks the places of one model. Requests with the same `key` use the same order,
 * so that a conversation finds its prompt cache again; over many keys each place comes first in proportion to
 * its weight. When a place is added or removed, only the keys it is first for move (weighted rendezvous
 * hashing).
 */
export function inTurn(lanes: readonly Lane[], key: string): readonly Target[] {
  return lanes
    .map(({ target, weight }) => ({ target, score: Math.log(uniform(key, target.upstream)) / weight }))
    .sort((a, b) => b.score - a.score)
    .map(({ target }) => target)
}

const PRIME = 0x01000193

/** A number in (0, 1), always the same for the same inputs. */
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
