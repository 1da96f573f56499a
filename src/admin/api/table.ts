import { type BudgetParts, budgetEndpoints } from './budget-endpoints.ts'
import { documentEndpoint } from './document-endpoint.ts'
import { type DrainParts, drainEndpoints } from './drain-endpoints.ts'
import type { Endpoint } from './endpoint.ts'
import { type RaiseParts, raiseEndpoints } from './raise-endpoints.ts'
import { type SessionParts, sessionEndpoints } from './session-endpoints.ts'

/** What the endpoints work on. */
export interface ApiParts extends SessionParts, BudgetParts, RaiseParts, DrainParts {}

/** Every endpoint of the admin API. What is not in here is not served. */
export function endpointTable(parts: ApiParts): readonly Endpoint[] {
  const table: Endpoint[] = [
    ...sessionEndpoints(parts),
    ...budgetEndpoints(parts),
    ...raiseEndpoints(parts),
    ...drainEndpoints(parts),
  ]
  table.push(documentEndpoint(table, parts.version))
  return table
}
