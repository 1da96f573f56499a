import { createHash } from 'node:crypto'
import type { Asker, Role } from './asker.ts'
import { isSame } from './session.ts'

/** Somebody who may use the admin plane, as the configuration names him: never his token, only its SHA-256. */
export interface PersonSettings {
  readonly name: string
  readonly role: Role
  readonly sha256: string
}

/** What is known of an API key here. */
export interface KnownKey {
  readonly id: string
  readonly team: { readonly name: string }
  /** Milliseconds since the epoch. */
  readonly expiresAt: number | undefined
}

/** Who may come in. Read at every request, so that whoever was taken out of the configuration is out at once. */
export interface CredentialParts {
  /** Who shows it is admin; never empty. */
  token(): string
  people(): readonly PersonSettings[]
  keyOf(sha256: string): KnownKey | undefined
  now(): number
}

/** Credentials are compared by hash, so neither their length nor their beginning can be found out by timing. */
export function hashOf(credential: string): string {
  return createHash('sha256').update(credential).digest('hex')
}

/** Whose credential has this SHA-256; undefined where it is nobody's, or its key has ended. */
export function askerOf(sha256: string, { token, people, keyOf, now }: CredentialParts): Asker | undefined {
  if (isSame(sha256, hashOf(token()))) return { name: 'admin', role: 'admin', shared: true }
  const person = people().find((each) => each.sha256 === sha256)
  if (person !== undefined) return { name: person.name, role: person.role, shared: false }
  const key = keyOf(sha256)
  if (key === undefined || (key.expiresAt ?? Number.POSITIVE_INFINITY) <= now()) return undefined
  const { id, team } = key
  return { name: `${team.name}/${id}`, role: 'holder', team: team.name, key: id }
}
