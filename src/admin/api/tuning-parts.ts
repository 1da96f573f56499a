import type { InForce } from '../../desk/in-force.ts'
import type { ReplayRuns } from '../../desk/replay-runs.ts'
import type { Workshop } from '../../desk/workshop.ts'

export interface TuningParts {
  inForce(): InForce
  readonly workshop: Pick<Workshop, 'run'>
  readonly replays: ReplayRuns
  /** Applies a decision. Resolves once it is in force, or to why the configuration with it is refused. */
  reload(): Promise<string | undefined>
  now(): number
}
