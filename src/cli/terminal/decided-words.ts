import type { Decided } from '../../operations/decision.ts'
import type { ExitCode, Io } from '../command.ts'

/** Reports the result of a decision. */
export function tellDecided(command: string, decided: Decided, { stderr }: Io): ExitCode {
  if ('refused' in decided) {
    for (const line of decided.refused) stderr.write(`trivium ${command}: ${line}\n`)
    return 1
  }
  const { action, live, shadow, why } = decided.entry
  const inForce = live ?? "the configuration's own rules and weights"
  stderr.write(`${action}: ${action === 'shadow' ? (shadow ?? 'none') : inForce}; ${why}\n`)
  return 0
}

/** The result for programs: the decision's entry in the journal, or why there is none. */
export function printDecided(decided: Decided, { stdout }: Io): void {
  stdout.write(`${JSON.stringify('refused' in decided ? { refused: decided.refused } : decided.entry)}\n`)
}
