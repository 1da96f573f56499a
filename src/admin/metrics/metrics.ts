import type { Telemetry } from '../../telemetry/telemetry.ts'
import { type BudgetVitals, budgetFamilies } from './budget-families.ts'
import { writeFamilies } from './exposition.ts'
import type { Family } from './family.ts'
import { type ProcessVitals, processFamilies } from './process-families.ts'
import { processMetrics } from './process-metrics.ts'
import { requestFamilies } from './request-families.ts'
import { type UpstreamVitals, upstreamFamilies } from './upstream-families.ts'

/** Read on a scrape; costs requests nothing. */
export interface Vitals extends ProcessVitals, UpstreamVitals {}

export interface MetricsParts extends BudgetVitals {
  readonly telemetry: Telemetry
  vitals(): Vitals
}

/** Every metric of ours, in export order. */
export function familiesOf(parts: MetricsParts): readonly Family[] {
  const { telemetry } = parts
  const vitals = () => parts.vitals()
  return [
    ...requestFamilies(telemetry),
    ...upstreamFamilies(telemetry, vitals),
    ...budgetFamilies(parts),
    ...processFamilies(telemetry, vitals),
  ]
}

/**
 * All metrics as text: ours, and those of the process under their usual names. `all`: includes what teams use
 * and spend, which not everyone who reaches the listener may see.
 */
export async function scrape(families: readonly Family[], all: boolean): Promise<string> {
  const shown = families.filter(({ guarded }) => all || guarded !== true)
  return (await writeFamilies(shown)) + (await processMetrics.metrics())
}
