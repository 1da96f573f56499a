import { z } from 'zod'
import type { AuditPosition } from '../../ledger/audit.ts'
import { listCandidates } from '../../tuning/candidates.ts'
import { readJournal } from '../../tuning/journal.ts'
import { Audit, type AuditEntry } from './answers/audit.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import type { NoteParts } from './notes.ts'
import { Refused } from './refused.ts'
import { fromStore } from './store-refusal.ts'
import type { TuningParts } from './tuning-parts.ts'

export interface AuditParts extends NoteParts, Pick<TuningParts, 'inForce'> {}

/** Continue the numbering of the store's sources: see `AuditPosition`. */
const JOURNAL = 3
const CANDIDATES = 4

type Line = AuditPosition & Omit<AuditEntry, 'at'>

/**
 * Everything people did, from all places that record it: the store, the promotion journal and the candidates.
 */
export function auditEndpoint({ audit, inForce }: AuditParts): Endpoint {
  return endpoint({
    method: 'GET',
    path: '/api/audit',
    role: 'admin',
    summary:
      'List who did what, newest first: sign-ins, labels, changes to keys, raises, candidates and tuning decisions.',
    query: z.strictObject({
      cursor: z.string().optional().describe('`next_cursor` of the previous page.'),
      limit: z.coerce.number().int().min(1).max(200).default(50).meta({ type: 'integer' }),
    }),
    answer: Audit,
    async run({ query: { cursor, limit } }) {
      const position = cursor === undefined ? undefined : positionIn(cursor)
      const stored = await fromStore(audit.linesBefore(position, limit + 1))
      const decided = decisionsIn(inForce().candidates).filter(
        (line) => position === undefined || isBefore(line, position),
      )
      const lines = [...stored, ...decided].sort((a, b) => (isBefore(a, b) ? 1 : -1))
      const page = lines.slice(0, limit)
      const last = page.at(-1)
      return {
        data: page.map(({ at, who, action, subject, detail }) => ({
          at: new Date(at).toISOString(),
          who,
          action,
          subject,
          detail,
        })),
        next_cursor: last !== undefined && lines.length > limit ? cursorOf(last) : null,
      }
    },
  })
}

/** Few enough to be read in full: a folder each, or a file. */
function decisionsIn(candidates: string): readonly Line[] {
  return [
    ...readJournal(candidates).map(({ at, number, by, action, live, shadow, why }) => ({
      at: Date.parse(at),
      source: JOURNAL,
      seq: number,
      who: by,
      action,
      subject: (action === 'shadow' ? shadow : live) ?? 'configuration',
      detail: why,
    })),
    ...listCandidates(candidates).candidates.map(({ manifest: { at, by, version, note } }, index) => ({
      at: Date.parse(at),
      source: CANDIDATES,
      seq: index,
      who: by,
      action: 'candidate_made' as const,
      subject: version,
      detail: note,
    })),
  ]
}

function isBefore(one: AuditPosition, other: AuditPosition): boolean {
  return (one.at - other.at || one.source - other.source || one.seq - other.seq) < 0
}

const Position = z.tuple([z.int(), z.int(), z.int()])

function cursorOf({ at, source, seq }: AuditPosition): string {
  return Buffer.from(JSON.stringify([at, source, seq])).toString('base64url')
}

function positionIn(cursor: string): AuditPosition {
  try {
    const [at, source, seq] = Position.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()))
    return { at, source, seq }
  } catch {
    throw new Refused(400, 'invalid_request', 'cursor: expected the next_cursor of a page')
  }
}
