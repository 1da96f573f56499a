import type { Subject } from '../limiter.ts'

/** Where a subject is counted. */
export interface SubjectKeys {
  readonly requests: string
  readonly tokens: string
  readonly slots: string
}

export const REPLICAS_KEY = 'trivium:limits:replicas'

/** Subjects live as long as the configuration they are from, and are asked for ten times a request. */
const named = new WeakMap<Subject, SubjectKeys>()

/**
 * `trivium:{research}:limits:key:research/ci:tokens`: the braces make a cluster keep all of a team on one node, so that
 * one script may reach its team and key together.
 */
export function keysOf(subject: Subject): SubjectKeys {
  const known = named.get(subject)
  if (known !== undefined) return known
  const stem = `trivium:{${teamOf(subject.id)}}:limits:${subject.id}`
  const keys = { requests: `${stem}:requests`, tokens: `${stem}:tokens`, slots: `${stem}:slots` }
  named.set(subject, keys)
  return keys
}

/** `team:research` and `key:research/ci` are of team `research`. */
function teamOf(id: string): string {
  const name = id.slice(id.indexOf(':') + 1)
  const end = name.indexOf('/')
  return end === -1 ? name : name.slice(0, end)
}
