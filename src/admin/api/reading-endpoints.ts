import type { Endpoint } from './endpoint.ts'
import { type ExplanationParts, explanationEndpoint } from './explanation-endpoint.ts'
import { exportEndpoint } from './export-endpoint.ts'
import { type LivePart, liveEndpoint } from './live-endpoint.ts'
import { type MeParts, meEndpoint } from './me-endpoint.ts'
import { type OverviewParts, overviewEndpoints } from './overview-endpoints.ts'
import { type RequestParts, requestEndpoints } from './request-endpoints.ts'
import { reviewEndpoints } from './review-endpoints.ts'

export interface ReadingParts extends OverviewParts, RequestParts, ExplanationParts, LivePart, MeParts {}

/** All endpoints that read the ledger. */
export function readingEndpoints(parts: ReadingParts): readonly Endpoint[] {
  return [
    ...overviewEndpoints(parts),
    ...requestEndpoints(parts),
    explanationEndpoint(parts),
    liveEndpoint(parts),
    ...reviewEndpoints(parts),
    exportEndpoint(parts),
    meEndpoint(parts),
  ]
}
