import type { FastifyRequest } from 'fastify'
import type { EndedSessions } from '../../ledger/ended-sessions.ts'
import { Attempts } from './attempts.ts'
import { type Caller, isMeant } from './caller.ts'
import { type CredentialParts, callerOf, hashOf } from './credential.ts'
import type { Endpoint } from './endpoint.ts'
import { Refused } from './refused.ts'
import { isSame, type Session, Sessions } from './session.ts'
import { SignedOut } from './signed-out.ts'

/** Who is making a request, and how they identified themselves. */
export interface Admitted {
  readonly caller: Caller | undefined
  /**
   * Present if a cookie identified the caller: such a request needs the session's CSRF token to change
   * anything.
   */
  readonly session: Session | undefined
}

export interface GateParts extends CredentialParts {
  readonly endedSessions: EndedSessions
  /** `Clock.elapsed()`: setting the system clock back must neither lock anyone out nor hide a sign-out. */
  elapsed(): number
}

/** Authenticates and authorises requests, by a bearer token or by a session cookie. */
export class Gate {
  readonly sessions: Sessions
  readonly signedOut: SignedOut
  readonly #parts: CredentialParts
  readonly #attempts: Attempts

  constructor(parts: GateParts) {
    this.#parts = parts
    this.sessions = new Sessions(parts)
    this.signedOut = new SignedOut(parts.endedSessions, parts)
    this.#attempts = new Attempts(() => parts.elapsed())
  }

  /**
   * Rejects with `Refused`: 401 without a valid credential, 403 for the wrong role or CSRF token, 429 after
   * too many attempts.
   */
  async admit(
    request: FastifyRequest,
    { method, role }: Pick<Endpoint, 'method' | 'role'>,
  ): Promise<Admitted> {
    const { authorization, cookie } = request.headers
    if (method !== 'GET') refuseForeign(request)
    const bearer = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1]
    const session = authorization === undefined ? await this.#sessionOf(cookie) : undefined
    const caller =
      authorization === undefined
        ? session && callerOf(session.sha256, this.#parts)
        : this.recognise(bearer ?? '', request.ip)?.caller
    if (role === 'public') return { caller, session: caller && session }
    if (caller === undefined) {
      throw new Refused(401, 'invalid_api_key', 'Sign in, or send a token as "Authorization: Bearer TOKEN".')
    }
    if (!isMeant(caller, role)) {
      throw new Refused(403, 'forbidden', `This is for ${AUDIENCES[role]}; you are ${caller.role}.`)
    }
    if (session !== undefined && method !== 'GET') checkCsrf(request, session)
    return { caller, session }
  }

  /** Whether a session that was admitted earlier would still be admitted. */
  async isStillMeant(session: Session, role: Endpoint['role']): Promise<boolean> {
    const caller = callerOf(session.sha256, this.#parts)
    if (caller === undefined || !isMeant(caller, role) || session.expiresAt <= this.#parts.now()) return false
    return !(await this.signedOut.has(session))
  }

  async #sessionOf(cookie: string | undefined): Promise<Session | undefined> {
    const session = this.sessions.read(cookie)
    return session === undefined || (await this.signedOut.has(session)) ? undefined : session
  }

  /** The owner of a token. Wrong tokens are counted: throws `Refused` (429) for an address with too many. */
  recognise(
    token: string,
    address: string,
  ): { readonly caller: Caller; readonly sha256: string } | undefined {
    const wait = this.#attempts.waitOf(address)
    if (wait > 0) {
      const seconds = Math.ceil(wait / 1000)
      throw new Refused(429, 'too_many_attempts', `Too many wrong tokens; try again in ${seconds} s.`, {
        retry_after_seconds: seconds,
      })
    }
    const sha256 = hashOf(token)
    const caller = callerOf(sha256, this.#parts)
    if (caller !== undefined) return { caller, sha256 }
    this.#attempts.countWrong(address)
    return undefined
  }
}

const AUDIENCES = {
  any: 'anyone signed in',
  holder: 'holders of API keys',
  viewer: 'viewers, reviewers and admins',
  reviewer: 'reviewers and admins',
  admin: 'admins',
} as const

/**
 * Rejects changes requested by a page of another origin, as reported by the browser, whatever credential it
 * sends. `same-origin` is trusted without comparing hosts, because a reverse proxy may have rewritten `host`.
 */
function refuseForeign({ headers }: FastifyRequest): void {
  const site = headers['sec-fetch-site']
  if (site === 'same-origin') return
  if ((site === undefined || site === 'none') && isOwn(headers.origin, headers.host)) return
  throw new Refused(403, 'foreign_origin', 'Pages from another origin may not change anything here.')
}

/**
 * Whether the page, if any, was loaded from the host being asked. Behind TLS termination we know the name but
 * not the scheme.
 */
function isOwn(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined) return true
  if (host === undefined || !URL.canParse(origin)) return false
  const page = new URL(origin)
  const asked = `${page.protocol}//${host}`
  return page.host !== '' && URL.canParse(asked) && new URL(asked).host === page.host
}

function checkCsrf({ headers }: FastifyRequest, { csrf }: Session): void {
  const given = headers['x-csrf-token']
  if (typeof given === 'string' && isSame(given, csrf)) return
  throw new Refused(
    403,
    'csrf_token_invalid',
    given === undefined
      ? 'With a session, send its CSRF token in x-csrf-token; GET /api/session returns it.'
      : 'The token in x-csrf-token does not belong to this session.',
  )
}
