import { createHash } from 'node:crypto'
import type { Caller, Role } from './caller.ts'
import { isSame } from './session.ts'

/** A person who may use the admin plane, from the configuration: never the token, only its SHA-256. */
export interface PersonSettings {
  readonly name: string
  readonly role: Role
  readonly sha256: string
}

/** What the admin plane knows about an API key. */
export interface KnownKey {
  readonly id: string
  readonly team: { readonly name: string }
  /** Milliseconds since the epoch. */
  readonly expiresAt: number | undefined
}

/**
 * Accepted credentials. Read on every request, so that removing someone from the configuration takes effect
 * at once.
 */
export interface CredentialParts {
  /** The token that grants the admin role; never empty. */
  token(): string
  people(): readonly PersonSettings[]
  keyOf(sha256: string): KnownKey | undefined
  now(): number
}

/** Credentials are compared by hash, so that timing reveals neither their length nor a prefix. */
export function hashOf(credential: string): string {
  return createHash('sha256').update(credential).digest('hex')
}

/** The owner of the credential with this SHA-256; undefined if there is none or the key has expired. */
export function callerOf(sha256: string, { token, people, keyOf, now }: CredentialParts): Caller | undefined {
  if (isSame(sha256, hashOf(token()))) return { name: 'admin', role: 'admin', shared: true }
  const person = people().find((each) => each.sha256 === sha256)
  if (person !== undefined) return { name: person.name, role: person.role, shared: false }
  const key = keyOf(sha256)
  if (key === undefined || (key.expiresAt ?? Number.POSITIVE_INFINITY) <= now()) return undefined
  const { id, team } = key
  return { name: `${team.name}/${id}`, role: 'holder', team: team.name, key: id }
}
