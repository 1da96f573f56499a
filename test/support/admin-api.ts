import Fastify, { type FastifyInstance } from 'fastify'
import type { PersonSettings } from '../../src/admin/api/credential.ts'
import { hashOf } from '../../src/admin/api/credential.ts'
import type { Endpoint } from '../../src/admin/api/endpoint.ts'
import { Gate } from '../../src/admin/api/gate.ts'
import { registerEndpoints } from '../../src/admin/api/register.ts'
import type { EndedSessions } from '../../src/ledger/ended-sessions.ts'

export const ADMIN_TOKEN = 'an-admin-token'

/** Headers of a request by an admin. */
export const asAdmin = { authorization: `Bearer ${ADMIN_TOKEN}` }

/** A person in the configuration whose token is `NAME-token`. */
export function person(name: string, role: PersonSettings['role']): PersonSettings {
  return { name, role, sha256: hashOf(`${name}-token`) }
}

export interface GateOptions {
  readonly people?: readonly PersonSettings[]
  readonly now?: () => number
  readonly elapsed?: () => number
  readonly token?: string
  readonly endedSessions?: EndedSessions
}

/** An in-memory stand-in for an installation's store, for the duration of a test. */
export function endedInMemory(): EndedSessions {
  const ended = new Map<string, number>()
  return {
    end: async ({ id, expiresAt }) => void ended.set(id, expiresAt),
    endedAt: async (now) => [...ended].flatMap(([id, expiresAt]) => (expiresAt > now ? [id] : [])),
  }
}

/** A gate that accepts the admin token and these people, and no keys. */
export function gateOf({
  people = [],
  now = Date.now,
  elapsed = () => performance.now(),
  token = ADMIN_TOKEN,
  endedSessions = endedInMemory(),
}: GateOptions = {}): Gate {
  return new Gate({
    token: () => token,
    people: () => people,
    keyOf: () => undefined,
    now,
    elapsed,
    endedSessions,
  })
}

/** A server with only these endpoints, for `inject`. */
export function serverOf(endpoints: readonly Endpoint[], gate = gateOf()): FastifyInstance {
  const app = Fastify()
  const report = (error: unknown) => {
    throw error
  }
  app.register(async (api) => registerEndpoints(api, endpoints, { gate, report }))
  return app
}
