import { z } from 'zod'

/** What is only written here. */
export const NOTED = ['login', 'key_created', 'key_rotated', 'key_revoked'] as const

/** What stands in a store's audits: that, and what the audits of labels and of raises tell. */
export const AUDITED = [...NOTED, 'label', 'raise_granted', 'raise_revoked'] as const

/** Who did what through the admin plane. */
export interface Note {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly who: string
  readonly action: (typeof NOTED)[number]
  /** What it was done to. */
  readonly subject: string
  readonly detail: string
}

/** A line of any audit, and its place among all lines: by time, then by which audit it stands in, then as it was written. */
export const AuditLine = z.object({
  at: z.number(),
  source: z.number(),
  seq: z.number(),
  who: z.string(),
  action: z.enum(AUDITED),
  subject: z.string(),
  detail: z.string(),
})
export type AuditLine = z.infer<typeof AuditLine>

/** A place in the audit: lines before it are older. */
export type AuditPlace = Pick<AuditLine, 'at' | 'source' | 'seq'>

/**
 * Who did what, for ever: lines are added and never changed. Durable when `note` resolves; rejects when the store cannot
 * be written, and nothing was added then.
 */
export interface AuditLog {
  note(note: Note): Promise<void>
  /** The newest lines before a place, the newest first, of this audit and those of labels and raises. */
  linesBefore(place: AuditPlace | undefined, limit: number): Promise<readonly AuditLine[]>
}

/** After every place that there is. */
export const NOW: AuditPlace = { at: Number.MAX_SAFE_INTEGER, source: 9, seq: 0 }

/**
 * The lines of all three audits as one query, for both stores. Each audit gives no more than are wanted, found by its
 * index on time. Parameters: at, source, seq, limit, as `parameter(1)` to `parameter(4)` names them.
 */
export function auditQuery(parameter: (place: number) => string): string {
  const [at, source, seq, limit] = [1, 2, 3, 4].map(parameter)
  const part = (place: number, columns: string, table: string) => `SELECT * FROM (
    SELECT at, ${place} AS source, seq, who, ${columns} FROM ${table}
    WHERE at <= ${at} AND (at < ${at} OR ${place} < ${source} OR (${place} = ${source} AND seq < ${seq}))
    ORDER BY at DESC, seq DESC LIMIT ${limit}
  ) AS part_${place}`
  const raised = `'raise_' || CASE action WHEN 'grant' THEN 'granted' ELSE 'revoked' END AS action, budget AS subject, reason AS detail`
  const labelled = `'label' AS action, id AS subject, coalesce(before, 'none') || ' → ' || coalesce(label, 'none') AS detail`
  return `${part(0, 'action, subject, detail', 'audit_log')}
  UNION ALL ${part(1, labelled, 'label_log')}
  UNION ALL ${part(2, raised, 'raise_log')}
  ORDER BY at DESC, source DESC, seq DESC LIMIT ${limit}`
}
