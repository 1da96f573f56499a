import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'
import { z } from 'zod'
import { HOUR } from '../../base/durations.ts'

/** How long a browser stays signed in. */
export const SESSION_MS = 12 * HOUR

const COOKIE = 'trivium_session'

/** A browser that has presented a credential. */
export interface Session {
  /** Unique, but not secret. */
  readonly id: string
  /** SHA-256 of the credential presented. Its owner is looked up on every request. */
  readonly sha256: string
  /** What a page must send in `x-csrf-token` with every change. */
  readonly csrf: string
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
}

/**
 * `credential`: its SHA-256, encrypted. In clear, a copied cookie would allow an offline search for a short
 * token.
 */
const Sealed = z.strictObject({ credential: z.string(), expiresAt: z.number(), nonce: z.string() })

const CIPHER = 'aes-256-gcm'
const IV_BYTES = 12
const TAG_BYTES = 16

/**
 * Stateless sessions: cookies are signed with a key derived from the admin token, so every replica can read
 * them and a new token ends them all. Only sessions that end early are stored.
 */
export class Sessions {
  readonly #token: () => string
  readonly #now: () => number

  constructor(parts: { token(): string; now(): number }) {
    this.#token = () => parts.token()
    this.#now = () => parts.now()
  }

  begin(sha256: string): { readonly session: Session; readonly cookie: string } {
    const expiresAt = this.#now() + SESSION_MS
    const nonce = randomBytes(16).toString('base64url')
    const sealed = { credential: this.#encipher(sha256), expiresAt, nonce }
    const text = Buffer.from(JSON.stringify(sealed)).toString('base64url')
    const cookie = `${text}.${this.#sign('session', text)}`
    return { session: { id: nonce, sha256, expiresAt, csrf: this.#sign('csrf', cookie) }, cookie }
  }

  /**
   * The session of a request with this `cookie` header; undefined if there is none, or it is forged or
   * expired.
   */
  read(cookies: string | undefined): Session | undefined {
    const cookie = valueIn(cookies)
    const [text = '', signature = '', more] = cookie?.split('.') ?? []
    if (cookie === undefined || more !== undefined || !isSame(signature, this.#sign('session', text))) {
      return undefined
    }
    const { data: sealed } = Sealed.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString()))
    // Sessions created by an earlier version must sign in again.
    if (sealed === undefined) return undefined
    const { credential, expiresAt, nonce: id } = sealed
    if (expiresAt <= this.#now()) return undefined
    return { id, sha256: this.#decipher(credential), expiresAt, csrf: this.#sign('csrf', cookie) }
  }

  #encipher(sha256: string): string {
    const iv = randomBytes(IV_BYTES)
    const cipher = createCipheriv(CIPHER, this.#keyFor('credential'), iv)
    const text = Buffer.concat([cipher.update(sha256, 'hex'), cipher.final()])
    return Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64url')
  }

  #decipher(credential: string): string {
    const bytes = Buffer.from(credential, 'base64url')
    const textAt = IV_BYTES + TAG_BYTES
    const decipher = createDecipheriv(CIPHER, this.#keyFor('credential'), bytes.subarray(0, IV_BYTES))
    decipher.setAuthTag(bytes.subarray(IV_BYTES, textAt))
    return Buffer.concat([decipher.update(bytes.subarray(textAt)), decipher.final()]).toString('hex')
  }

  #sign(purpose: 'session' | 'csrf', text: string): string {
    return createHmac('sha256', this.#keyFor(purpose)).update(text).digest('base64url')
  }

  #keyFor(purpose: 'session' | 'csrf' | 'credential'): Buffer {
    return Buffer.from(hkdfSync('sha256', this.#token(), '', `trivium console ${purpose}`, 32))
  }
}

/** Compares two secrets in constant time. */
export function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/**
 * The `set-cookie` header that sets a session, or ends it if the value is empty. `secure`: the browser
 * connected over TLS.
 */
export function cookieField(value: string, secure: boolean): string {
  const seconds = value === '' ? 0 : SESSION_MS / 1000
  const ends = secure ? '; Secure' : ''
  return `${COOKIE}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${seconds}${ends}`
}

/**
 * Whether the browser itself came by TLS, as the proxies in between tell in `x-forwarded-proto` or `forwarded`
 * (RFC 7239): of a list, the first is the one that the browser reached.
 */
export function cameByTls(header: (name: string) => string | undefined): boolean {
  const [first] = (header('x-forwarded-proto') ?? '').split(',')
  if (first?.trim().toLowerCase() === 'https') return true
  return /^[^,]*\bproto="?https\b/i.test(header('forwarded') ?? '')
}

function valueIn(cookies: string | undefined): string | undefined {
  const pairs = cookies?.split(';').map((pair) => pair.trim()) ?? []
  return pairs.find((pair) => pair.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1)
}
