import type { AuditLog, Note } from '../../ledger/audit.ts'

export interface NoteParts {
  readonly audit: AuditLog
  now(): number
  /** Called with what could not be recorded. */
  report(error: unknown): void
}

/**
 * Records what someone did. It has already been done, so a store that cannot be written undoes nothing; the
 * note then goes to the operator's log.
 */
export async function note(parts: NoteParts, done: Omit<Note, 'at'>): Promise<void> {
  const line = { at: parts.now(), ...done }
  try {
    await parts.audit.note(line)
  } catch (error) {
    const lost = new Error(`the audit could not be written: ${JSON.stringify(line)}`, { cause: error })
    parts.report(lost)
  }
}
