import { z } from 'zod'
import { type Caller, ROLES } from './caller.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import type { Gate } from './gate.ts'
import { type NoteParts, note } from './notes.ts'
import { Refused } from './refused.ts'
import { cameByTls, cookieField, type Session } from './session.ts'

export interface SessionParts extends NoteParts {
  readonly gate: Gate
  /** The version of this program. */
  readonly version: string
}

const SignedIn = z.strictObject({
  name: z.string().nullable().describe('Null if nobody is signed in.'),
  role: z.enum([...ROLES, 'holder']).nullable(),
  team: z.string().nullable().describe('The key holder’s team; null for everyone else.'),
  key: z.string().nullable(),
  csrf: z.string().nullable().describe('Value for the header `x-csrf-token`; null without a session cookie.'),
  expires_at: z.iso.datetime().nullable(),
  version: z.string(),
})

/** Signing in, the current session, and signing out. */
export function sessionEndpoints(parts: SessionParts): readonly Endpoint[] {
  const { gate, version } = parts
  const shown = (caller: Caller | undefined, session: Session | undefined): z.infer<typeof SignedIn> => ({
    name: caller?.name ?? null,
    role: caller?.role ?? null,
    team: caller?.role === 'holder' ? caller.team : null,
    key: caller?.role === 'holder' ? caller.key : null,
    csrf: session?.csrf ?? null,
    expires_at: session === undefined ? null : new Date(session.expiresAt).toISOString(),
    version,
  })
  const setCookie = (
    { header, respondWith }: { header(name: string): string | undefined; respondWith: SetHeader },
    value: string,
  ) => respondWith('set-cookie', cookieField(value, cameByTls(header)))
  return [
    endpoint({
      method: 'POST',
      path: '/api/session',
      role: 'public',
      summary: 'Sign a browser in with the admin token, a person’s token or an API key.',
      body: z.strictObject({ token: z.string().min(1).max(1000) }),
      answer: SignedIn,
      async run(request) {
        const known = gate.recognise(request.body.token, request.address)
        if (known === undefined) {
          throw new Refused(401, 'invalid_api_key', 'This token is not valid.')
        }
        const { session, cookie } = gate.sessions.begin(known.sha256)
        setCookie(request, cookie)
        const { name: who, role } = known.caller
        await note(parts, { who, action: 'login', subject: role, detail: `from ${request.address}` })
        return shown(known.caller, session)
      },
    }),
    endpoint({
      method: 'GET',
      path: '/api/session',
      role: 'public',
      summary: 'Show who is signed in.',
      answer: SignedIn,
      run: ({ caller, session }) => shown(caller, session),
    }),
    endpoint({
      method: 'DELETE',
      path: '/api/session',
      role: 'any',
      summary: 'Sign the browser out. Its session ends for every copy of the cookie.',
      answer: SignedIn,
      async run(request) {
        setCookie(request, '')
        if (request.session !== undefined) await gate.signedOut.end(request.session)
        return shown(undefined, undefined)
      },
    }),
  ]
}

type SetHeader = (name: string, value: string) => void
