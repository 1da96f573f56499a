import type { Subject } from '../limiter.ts'

/** The Redis keys of a subject's counters. */
export interface SubjectKeys {
  readonly requests: string
  readonly tokens: string
  readonly slots: string
}

export const REPLICAS_KEY = 'trivium:limits:replicas'

/** Subjects live as long as their configuration, and their keys are needed ten times per request. */
const named = new WeakMap<Subject, SubjectKeys>()

/**
 * `trivium:{research}:limits:key:research/ci:tokens`. The braces are a hash tag: a cluster keeps a team's
 * keys on one node, so that one script can reach both team and key.
 */
export function keysOf(subject: Subject): SubjectKeys {
  const known = named.get(subject)
  if (known !== undefined) return known
  const stem = `trivium:{${teamOf(subject.id)}}:limits:${subject.id}`
  const keys = { requests: `${stem}:requests`, tokens: `${stem}:tokens`, slots: `${stem}:slots` }
  named.set(subject, keys)
  return keys
}

/** `team:research` and `key:research/ci` both belong to team `research`. */
function teamOf(id: string): string {
  const name = id.slice(id.indexOf(':') + 1)
  const end = name.indexOf('/')
  return end === -1 ? name : name.slice(0, end)
}
