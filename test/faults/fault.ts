import type { UsageSource } from '../../src/base/usage.ts'
import type { Outcome } from '../../src/budget/row.ts'
import type { Act } from '../../src/simulator/exchange.ts'
import type { Way } from './sighting.ts'

/** Something an upstream does that is no plain answer, and all that follows from it. */
export interface Fault {
  /** What the upstream does, as a reader of the page is told. */
  readonly name: string
  /** What the simulator is to do; or nobody listens at the upstream's address. */
  readonly act: Act | 'nobody'
  /** A fault of models that reason is played by one. */
  readonly reasoning?: true
  /** How a request ends that meets it; the ways it cannot strike are absent. */
  readonly ends: Ends
}

export type Ends = Readonly<Partial<Record<Way, End>>>

export interface End {
  /** What the clients see where nobody else can be asked. */
  readonly sees: Seen
  /** Majors that see something else, by name. */
  readonly but?: Readonly<Record<string, Seen>>
  readonly outcome: Outcome
  readonly errorCode: string | null
  /** What is paid: as reported, as counted from what came, the bound, or nothing. */
  readonly paid: UsageSource
  /** Who is asked next: the same target once more, another one at once, or nobody. */
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
  /** It is raised after the first chunks of the answer. */
  readonly late: boolean
}

/** Whether words are those that were expected, `…` standing for anything. */
export function fits(words: string, expected: string): boolean {
  const parts = expected.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 's').test(words)
}
