import type { Endpoint } from '../base/endpoint.ts'
import type { Budget } from '../budget/budget.ts'
import type { CaptureMode } from '../capture/mode.ts'
import type { Subject } from '../limits/limiter.ts'

/** Who pays. Compiled from `teams:` in the configuration. */
export interface Team {
  readonly name: string
  readonly budgets: readonly Budget[]
  readonly subject: Subject
  readonly whenExhausted: 'refuse' | 'cheapest'
  /** How far a budget or limit that is short may lower an output cap. Tokens per choice. */
  readonly minOutput: number
  /** Models the team may use; undefined allows every configured one. */
  readonly models: ReadonlySet<string> | undefined
  readonly routing: 'always' | 'auto_only' | 'off'
  readonly endpoints: ReadonlySet<Endpoint>
  /** What the ledger keeps of its prompts. */
  readonly capture: CaptureMode
}

/** Who asks: one key of a team, with budgets and limits of its own in addition to the team's. */
export interface Key {
  readonly id: string
  readonly team: Team
  readonly budgets: readonly Budget[]
  readonly subject: Subject
  /** Milliseconds since the epoch; undefined for a key that does not expire. */
  readonly expiresAt: number | undefined
}
