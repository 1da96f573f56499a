import { type AuditParts, auditEndpoint } from './audit-endpoint.ts'
import { type BudgetParts, budgetEndpoints } from './budget-endpoints.ts'
import { documentEndpoint } from './document-endpoint.ts'
import { type DrainParts, drainEndpoints } from './drain-endpoints.ts'
import type { Endpoint } from './endpoint.ts'
import { keyEndpoints } from './key-endpoints.ts'
import { promotionEndpoints } from './promotion-endpoints.ts'
import { type RaiseParts, raiseEndpoints } from './raise-endpoints.ts'
import { type ReadingParts, readingEndpoints } from './reading-endpoints.ts'
import { replayEndpoints } from './replay-endpoints.ts'
import { type SessionParts, sessionEndpoints } from './session-endpoints.ts'
import { shadowEndpoint } from './shadow-endpoint.ts'
import { teamEndpoints } from './team-endpoints.ts'
import type { TeamParts } from './team-parts.ts'
import { tuningEndpoints } from './tuning-endpoints.ts'
import type { TuningParts } from './tuning-parts.ts'

/** What the endpoints work on. */
export interface ApiParts
  extends SessionParts,
    BudgetParts,
    ReadingParts,
    RaiseParts,
    TuningParts,
    TeamParts,
    AuditParts,
    DrainParts {}

/** Every endpoint of the admin API. Anything not listed here is not served. */
export function endpointTable(parts: ApiParts): readonly Endpoint[] {
  const table: Endpoint[] = [
    ...sessionEndpoints(parts),
    ...budgetEndpoints(parts),
    ...raiseEndpoints(parts),
    ...readingEndpoints(parts),
    ...tuningEndpoints(parts),
    ...replayEndpoints(parts),
    ...promotionEndpoints(parts),
    shadowEndpoint(parts),
    ...teamEndpoints(parts),
    ...keyEndpoints(parts),
    auditEndpoint(parts),
    ...drainEndpoints(parts),
  ]
  table.push(documentEndpoint(table, parts.version))
  return table
}
