import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'

/** How long a browser stays signed in. */
export const SESSION_MS = 12 * 3_600_000

const COOKIE = 'trivium_session'

/** A browser that has shown a credential. */
export interface Session {
  /** One of a kind, and no secret. */
  readonly id: string
  /** SHA-256 of the credential it has shown: who that is, is asked anew at every request. */
  readonly sha256: string
  /** What a page has to send in `x-csrf-token` with whatever changes something. */
  readonly csrf: string
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
}

const Sealed = z.strictObject({ sha256: z.string(), expiresAt: z.number(), nonce: z.string() })

/**
 * Sessions that no store has while they last: what a cookie says is signed with a key that is made from the admin token,
 * so that every replica reads it and a new token ends them all. Only those that end early are written down.
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
    const sealed = { sha256, expiresAt, nonce }
    const text = Buffer.from(JSON.stringify(sealed)).toString('base64url')
    const cookie = `${text}.${this.#sign('session', text)}`
    return { session: { id: nonce, sha256, expiresAt, csrf: this.#sign('csrf', cookie) }, cookie }
  }

  /** The session of a request with this `cookie` field; undefined where it has none, or a forged or an old one. */
  read(cookies: string | undefined): Session | undefined {
    const cookie = valueIn(cookies)
    const [text = '', signature = '', more] = cookie?.split('.') ?? []
    if (cookie === undefined || more !== undefined || !isSame(signature, this.#sign('session', text))) {
      return undefined
    }
    const sealed = Sealed.parse(JSON.parse(Buffer.from(text, 'base64url').toString()))
    const { sha256, expiresAt, nonce: id } = sealed
    return expiresAt > this.#now() ? { id, sha256, expiresAt, csrf: this.#sign('csrf', cookie) } : undefined
  }

  #sign(purpose: 'session' | 'csrf', text: string): string {
    const key = hkdfSync('sha256', this.#token(), '', `trivium console ${purpose}`, 32)
    return createHmac('sha256', Buffer.from(key)).update(text).digest('base64url')
  }
}

/** Whether two secrets are the same, in a time that tells nothing of where they differ. */
export function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** The `set-cookie` field that keeps a session, or with an empty value ends it. `secure`: the browser came by TLS. */
export function cookieField(value: string, secure: boolean): string {
  const seconds = value === '' ? 0 : SESSION_MS / 1000
  const ends = secure ? '; Secure' : ''
  return `${COOKIE}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${seconds}${ends}`
}

function valueIn(cookies: string | undefined): string | undefined {
  const pairs = cookies?.split(';').map((pair) => pair.trim()) ?? []
  return pairs.find((pair) => pair.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1)
}
