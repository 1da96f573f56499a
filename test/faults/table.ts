import { BREAKS } from './breaks.ts'
import type { Fault } from './fault.ts'
import { ODDITIES } from './oddities.ts'
import { REFUSALS } from './refusals.ts'

/** Every fault that is known, and what follows from it. `docs/faults.md` is written from it, the tests play it. */
export const FAULTS: readonly Fault[] = [...REFUSALS, ...BREAKS, ...ODDITIES]
