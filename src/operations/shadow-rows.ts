import type { Config } from '../config/load.ts'
import type { LedgerReader, RowFilter } from '../ledger/reader.ts'
import { costsBy } from '../tuning/shadow-cost.ts'
import { type ShadowReport, shadowReports } from '../tuning/shadow-report.ts'
import { routingOf } from './routing-in-force.ts'
import { tuningContext } from './tuning-context.ts'

/** What shadows would have done with recorded requests, by a configuration's routes and prices. */
export function reportShadows(
  config: Config,
  reader: Pick<LedgerReader, 'rows'>,
  filter: Pick<RowFilter, 'since' | 'until' | 'team'>,
): Promise<readonly ShadowReport[]> {
  const tuning = tuningContext(config)
  return shadowReports(reader.rows(filter), costsBy(routingOf(config, tuning.classifierOf(tuning.live))))
}
