import type { InForce } from '../../desk/in-force.ts'
import type { ReplayRuns } from '../../desk/replay-runs.ts'
import type { Workshop } from '../../desk/workshop.ts'

export interface TuningParts {
  inForce(): InForce
  readonly workshop: Pick<Workshop, 'run'>
  readonly replays: ReplayRuns
  /** Takes over at once what was decided. */
  reload(): void
  now(): number
}
