import type { InForce } from '../../operations/in-force.ts'
import type { ReplayRuns } from '../../operations/replay-runs.ts'
import type { Workshop } from '../../operations/workshop.ts'

export interface TuningParts {
  inForce(): InForce
  readonly workshop: Pick<Workshop, 'run'>
  readonly replays: ReplayRuns
  /** Applies a decision. Resolves once it is in force, or to why the configuration with it is refused. */
  reload(): Promise<string | undefined>
  now(): number
}
