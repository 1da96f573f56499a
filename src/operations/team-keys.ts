import { createHash, randomBytes } from 'node:crypto'
import { DAY } from '../base/durations.ts'
import { addKey, type CheckWhole, type NewSecret, removeKey, rotateKey } from '../config/file/key-file.ts'
import { NAME, NAME_EXPECTED } from '../config/schema/team-schema.ts'
import { parseDate } from '../config/schema/units.ts'

/** A newly created key. It cannot be shown again: the configuration keeps only its SHA-256. */
export interface MadeKey {
  readonly team: string
  readonly id: string
  readonly key: string
  /** As written: a date or an ISO 8601 timestamp. */
  readonly expires: string | null
}

/** A key to be made. */
export interface KeyWish {
  readonly team: string
  /** Undefined generates one. */
  readonly id: string | undefined
  readonly expires: string | undefined
}

/** A key whose secret is to be replaced. */
export type Renewal = Omit<NewSecret, 'sha256'>
export type Renewed = Pick<MadeKey, 'team' | 'id' | 'key'>

/** How long a rotated key's old secret may stay valid, in milliseconds. */
export const MOST_GRACE = 90 * DAY

/** What is wrong with a request; undefined if nothing is. */
export function faultIn({ id, expires }: KeyWish): string | undefined {
  if (id !== undefined && !NAME.test(id)) return `id: ${NAME_EXPECTED}`
  const end = expires === undefined ? Infinity : parseDate(expires)
  if (end === undefined) return 'expires: expected a date such as 2027-01-01'
  return end > Date.now() ? undefined : `expires: ${expires} is over`
}

/** Creates a key for a team in the configuration file. Throws a `ConfigError`. */
export function createKey(file: string, { team, id, expires }: KeyWish, check?: CheckWhole): MadeKey {
  const named = id ?? `key-${randomBytes(4).toString('hex')}`
  const { key, sha256 } = newSecret()
  addKey(file, team, { id: named, sha256, ...(expires !== undefined && { expires }) }, check)
  return { team, id: named, key, expires: expires ?? null }
}

/** Replaces a key's secret and nothing else. Undefined if there is no such key. Throws a `ConfigError`. */
export function renewKey(file: string, renewal: Renewal, check?: CheckWhole): Renewed | undefined {
  const { team, id } = renewal
  const { key, sha256 } = newSecret()
  return rotateKey(file, { ...renewal, sha256 }, check) ? { team, id, key } : undefined
}

/** False if there is no such key. Throws a `ConfigError`. */
export function revokeKey(file: string, team: string, id: string, check?: CheckWhole): boolean {
  return removeKey(file, team, id, check)
}

function newSecret(): { readonly key: string; readonly sha256: string } {
  const key = `sk-trivium-${randomBytes(32).toString('base64url')}`
  return { key, sha256: createHash('sha256').update(key).digest('hex') }
}
