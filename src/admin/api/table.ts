import { type BudgetParts, budgetEndpoints } from './budget-endpoints.ts'
import type { Endpoint } from './endpoint.ts'
import { type SessionParts, sessionEndpoints } from './session-endpoints.ts'

/** What the endpoints work on. */
export interface ApiParts extends SessionParts, BudgetParts {}

/** Every endpoint of the admin API. What is not in here is not served. */
export function endpointTable(parts: ApiParts): readonly Endpoint[] {
  return [...sessionEndpoints(parts), ...budgetEndpoints(parts)]
}
