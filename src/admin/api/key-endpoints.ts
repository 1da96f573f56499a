import { z } from 'zod'
import type { Note } from '../../ledger/audit.ts'
import { shownFiles } from '../../operations/shown-files.ts'
import { faultIn, MOST_GRACE } from '../../operations/team-keys.ts'
import { MadeKey, RevokedKey, RotatedKey } from './answers/teams.ts'
import type { Caller } from './caller.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { doJob } from './job-refusal.ts'
import { type NoteParts, note } from './notes.ts'
import { Refused } from './refused.ts'
import { knownTeam } from './team-endpoints.ts'
import type { TeamParts } from './team-parts.ts'

const DAY_SECONDS = 86_400

type KeyParts = Pick<TeamParts, 'teams' | 'workshop' | 'reload'> & NoteParts

/** Creates, rotates and revokes team keys in the configuration file; its other lines stay unchanged. */
export function keyEndpoints(parts: KeyParts): readonly Endpoint[] {
  return [creation(parts), rotation(parts), revocation(parts)]
}

function creation(parts: KeyParts): Endpoint {
  const { workshop } = parts
  return endpoint({
    method: 'POST',
    path: '/api/teams/:team/keys',
    role: 'admin',
    summary: 'Create a key. Only this response shows it.',
    body: z.strictObject({
      id: z.string().optional().describe('Name of the key in the ledger; absent: a generated one.'),
      expires: z
        .string()
        .optional()
        .describe('A date such as `2027-01-01`, or a time in UTC such as `2027-01-01T12:00Z`.'),
    }),
    answer: MadeKey,
    status: 201,
    async run({ params: { team }, body: { id, expires }, caller }) {
      const { keys } = knownTeam(parts, team)
      const wish = { team, id, expires }
      const fault = faultIn(wish)
      if (fault !== undefined) throw new Refused(400, 'invalid_request', fault)
      if (keys.some((key) => key.id === id)) {
        throw new Refused(409, 'key_exists', `Key "${id}" already exists.`)
      }
      const made = await doJob(workshop.run('createKey', wish))
      const detail = expires === undefined ? '' : `until ${expires}`
      await done(parts, caller, { action: 'key_created', subject: `${made.team}/${made.id}`, detail })
      return { ...made, expires: made.expires === null ? null : isoOf(made.expires) }
    },
  })
}

function rotation(parts: KeyParts): Endpoint {
  const { workshop, now } = parts
  return endpoint({
    method: 'POST',
    path: '/api/teams/:team/keys/:id/rotate',
    role: 'admin',
    summary:
      'Rotate a key. Only this response shows the new secret; the old one stays valid for the grace period.',
    body: z.strictObject({
      grace_seconds: z
        .int()
        .min(0)
        .max(MOST_GRACE / 1000)
        .default(DAY_SECONDS)
        .describe('How long the old secret stays valid; 0 ends it at once.'),
    }),
    answer: RotatedKey,
    status: 201,
    async run({ params: { team, id }, body: { grace_seconds: grace }, caller }) {
      const { keys } = knownTeam(parts, team)
      const until = isoOf(now() + grace * 1000)
      const oldServesUntil = grace === 0 ? undefined : until
      const renewed = await doJob(workshop.run('rotateKey', { team, id, oldServesUntil }))
      if (renewed === undefined) throw noKey(team, id)
      const detail = `the old one until ${until}`
      const why = await done(parts, caller, { action: 'key_rotated', subject: `${team}/${id}`, detail })
      if (grace === 0) assertInForce(why)
      const expires = keys.find((key) => key.id === id)?.expires
      return { ...renewed, expires: expires === undefined ? null : isoOf(expires), old_serves_until: until }
    },
  })
}

function revocation(parts: KeyParts): Endpoint {
  const { workshop } = parts
  return endpoint({
    method: 'DELETE',
    path: '/api/teams/:team/keys/:id',
    role: 'admin',
    summary: 'Revoke a key: it is removed from the configuration and refused from now on.',
    answer: RevokedKey,
    async run({ params: { team, id }, caller }) {
      knownTeam(parts, team)
      if (!(await doJob(workshop.run('revokeKey', { team, id })))) throw noKey(team, id)
      assertInForce(
        await done(parts, caller, { action: 'key_revoked', subject: `${team}/${id}`, detail: '' }),
      )
      return { team, id, revoked: true as const }
    },
  })
}

/** Puts a change of a key into force, then on record. Resolves to why it is not in force, if it is not. */
async function done(
  parts: KeyParts,
  { name: who }: Caller,
  change: Omit<Note, 'at' | 'who'>,
): Promise<string | undefined> {
  const why = await parts.reload()
  await note(parts, { who, ...change })
  return why
}

/**
 * For a secret that is to stop at once: it was valid when it was written, but somebody else may have edited
 * it since.
 */
function assertInForce(why: string | undefined): void {
  if (why === undefined) return
  const fault = shownFiles(why, { candidates: undefined })
  const message = `Written, but the secret goes on serving until the configuration is mended: ${fault}`
  throw new Refused(409, 'configuration_refused', message)
}

function noKey(team: string, id: string): Refused {
  return new Refused(404, 'key_not_found', `There is no key ${team}/${id.slice(0, 100)}.`)
}

function isoOf(at: number | string): string {
  return new Date(at).toISOString()
}
