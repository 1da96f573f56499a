import type { Subject } from '../limiter.ts'

/** Where a subject is counted. */
export interface SubjectKeys {
  readonly requests: string
  readonly tokens: string
  readonly slots: string
}

export const REPLICAS_KEY = 'trivium:limits:replicas'

/**
 * `trivium:{research}:limits:key:research/ci:tokens`: the braces make a cluster keep all of a team on one node, so that
 * one script may reach its team and key together.
 */
export function keysOf({ id }: Subject): SubjectKeys {
  const stem = `trivium:{${teamOf(id)}}:limits:${id}`
  return { requests: `${stem}:requests`, tokens: `${stem}:tokens`, slots: `${stem}:slots` }
}

/** `team:research` and `key:research/ci` are of team `research`. */
function teamOf(id: string): string {
  const name = id.slice(id.indexOf(':') + 1)
  const end = name.indexOf('/')
  return end === -1 ? name : name.slice(0, end)
}
