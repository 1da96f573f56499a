import { z } from 'zod'

export const AUDIT_ACTIONS = [
  'login',
  'label',
  'key_created',
  'key_rotated',
  'key_revoked',
  'raise_granted',
  'raise_revoked',
  'candidate_made',
  'promote',
  'rollback',
  'shadow',
] as const

/** Who did what. */
export const AuditEntry = z.strictObject({
  at: z.iso.datetime(),
  who: z.string(),
  action: z.enum(AUDIT_ACTIONS),
  subject: z.string().describe('What the action concerns, such as a request, key, budget or candidate.'),
  detail: z.string(),
})
export type AuditEntry = z.infer<typeof AuditEntry>

export const Audit = z.strictObject({
  data: z.array(AuditEntry).describe('Newest first.'),
  next_cursor: z.string().nullable(),
})
export type Audit = z.infer<typeof Audit>
