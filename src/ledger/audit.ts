import { z } from 'zod'

/** Actions recorded only in this audit. */
const NOTED = ['login', 'key_created', 'key_rotated', 'key_revoked'] as const

/** Every action in a store's audits: the ones above plus those in the label and raise audits. */
const AUDITED = [...NOTED, 'label', 'raise_granted', 'raise_revoked'] as const

/** Who did what through the admin plane. */
export interface Note {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly who: string
  readonly action: (typeof NOTED)[number]
  /** The object of the action. */
  readonly subject: string
  readonly detail: string
}

/**
 * A line of any audit, with its position among all lines: ordered by time, then audit, then order of writing.
 */
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

/** A position in the audit: lines before it are older. */
export type AuditPosition = Pick<AuditLine, 'at' | 'source' | 'seq'>

/**
 * A permanent record of who did what. Append-only. Durable when `note` resolves; rejects with a `StoreError`,
 * and then nothing was added.
 */
export interface AuditLog {
  note(note: Note): Promise<void>
  /** The newest lines before a position, newest first, from this audit and those of labels and raises. */
  linesBefore(position: AuditPosition | undefined, limit: number): Promise<readonly AuditLine[]>
}

/** A position after every line. */
export const NOW: AuditPosition = { at: Number.MAX_SAFE_INTEGER, source: 9, seq: 0 }

/**
 * One query over all three audits, for both stores. Each audit contributes at most `limit` lines, found
 * through its index on time. Parameters: at, source, seq, limit, named by `parameter(1)` to `parameter(4)`.
 */
export function auditQuery(parameter: (number: number) => string): string {
  const [at, source, seq, limit] = [1, 2, 3, 4].map(parameter)
  const part = (audit: number, columns: string, table: string) => `SELECT * FROM (
    SELECT at, ${audit} AS source, seq, who, ${columns} FROM ${table}
    WHERE at <= ${at} AND (at < ${at} OR ${audit} < ${source} OR (${audit} = ${source} AND seq < ${seq}))
    ORDER BY at DESC, seq DESC LIMIT ${limit}
  ) AS part_${audit}`
  const raised = `'raise_' || CASE action WHEN 'grant' THEN 'granted' ELSE 'revoked' END AS action, budget AS subject, reason AS detail`
  const labelled = `'label' AS action, id AS subject, coalesce(before, 'none') || ' → ' || coalesce(label, 'none') AS detail`
  return `${part(0, 'action, subject, detail', 'audit_log')}
  UNION ALL ${part(1, labelled, 'label_log')}
  UNION ALL ${part(2, raised, 'raise_log')}
  ORDER BY at DESC, source DESC, seq DESC LIMIT ${limit}`
}
