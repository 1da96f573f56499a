import type { UsageSource } from '../../src/base/usage.ts'
import type { Outcome } from '../../src/ledger/row.ts'
import type { Act } from '../../src/simulator/act.ts'
import type { Way } from './sighting.ts'

/** Something an upstream does instead of answering plainly, and its consequences. */
export interface Fault {
  /** What the upstream does, as the page names it. */
  readonly name: string
  /** What the simulator does, or `nobody` if nothing listens at the upstream's address. */
  readonly act: Act | 'nobody'
  /** Set if the fault needs a reasoning model. */
  readonly reasoning?: true
  /** How an affected request ends. Ways it cannot affect are absent. */
  readonly ends: Ends
}

export type Ends = Readonly<Partial<Record<Way, End>>>

export interface End {
  /** What clients see if no other target can be asked. */
  readonly sees: Seen
  /** Majors that see something else, by name. */
  readonly but?: Readonly<Record<string, Seen>>
  readonly outcome: Outcome
  readonly errorCode: string | null
  /** What is booked: reported usage, an estimate from what arrived, the bound, or nothing. */
  readonly paid: UsageSource
  /** Which target is asked next: the same again, another at once, or none. */
  readonly next: 'same' | 'other' | 'nobody'
}

export type Seen = Answered | Raised

export interface Answered {
  readonly finish: string | null
  /** `…` stands for anything. */
  readonly text: string
}

export interface Raised {
  readonly as: string
  readonly status: number | undefined
  readonly code: string | null | undefined
  readonly type: string | undefined
  /** `…` stands for anything. */
  readonly message: string
  /** Whether it is raised after the first chunks of the answer. */
  readonly late: boolean
}

/** Whether words match the expected ones, in which `…` stands for anything. */
export function fits(words: string, expected: string): boolean {
  const parts = expected.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 's').test(words)
}
