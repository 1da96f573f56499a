import type { Raises } from '../../budget/raises.ts'
import type { TeamSettings } from '../../config/schema/team-schema.ts'
import type { LedgerViews } from '../../ledger/views.ts'
import type { Workshop } from '../../operations/workshop.ts'
import type { TeamPage } from './answers/teams.ts'
import type { BudgetParts } from './budget-endpoints.ts'

export interface TeamParts extends BudgetParts {
  /** The teams of the configuration in force, by name. */
  teams(): Readonly<Record<string, TeamSettings>>
  /** The default for what is kept of prompts. */
  captureMode(): TeamPage['capture']
  readonly raises: Raises
  readonly views: LedgerViews
  readonly workshop: Pick<Workshop, 'run'>
  /** Applies what was edited. Resolves once it is in force, or to why the configuration is refused. */
  reload(): Promise<string | undefined>
  now(): number
}
