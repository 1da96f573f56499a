import { BREAKS } from './breaks.ts'
import type { Fault } from './fault.ts'
import { ODDITIES } from './oddities.ts'
import { REFUSALS } from './refusals.ts'

/** Every known fault and its consequences. The tests play this table, and `docs/faults.md` is generated from it. */
export const FAULTS: readonly Fault[] = [...REFUSALS, ...BREAKS, ...ODDITIES]
