import { UsageError } from '../command.ts'

/** The flags of `trivium keys`. Which of them an action needs, it says itself. */
export interface KeyFlags {
  readonly config: string
  readonly team?: string
  readonly id?: string
  readonly expires?: string
  readonly grace?: string
  /** Who makes the change, for the audit. */
  readonly by: string
  readonly json: boolean
}

/** The value of a flag that must be there. Throws a `UsageError` that names it. */
export function required(flags: KeyFlags, name: 'team' | 'id'): string {
  const value = flags[name]
  if (value === undefined) throw new UsageError(`--${name} is missing`)
  return value
}
