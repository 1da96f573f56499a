import type { AuditLog, Note } from '../../budget/audit.ts'

export interface NoteParts {
  readonly audit: AuditLog
  now(): number
  /** Hears of what could not be written down. */
  report(error: unknown): void
}

/**
 * Writes down what somebody has done. It is done by then: a store that cannot be written at that moment takes nothing
 * back, so what was to be written is told to the operator's log.
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
