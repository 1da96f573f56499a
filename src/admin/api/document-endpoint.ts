import { z } from 'zod'
import { type Endpoint, endpoint } from './endpoint.ts'
import { openApiOf } from './openapi.ts'

/** The documentation of a table of endpoints, which includes this one by the time it is called. */
export function documentEndpoint(table: readonly Endpoint[], version: string): Endpoint {
  return endpoint({
    method: 'GET',
    path: '/api/openapi.json',
    role: 'public',
    summary: 'Get this documentation as OpenAPI 3.1.',
    answer: z.looseObject({}),
    run: () => openApiOf(table, version),
  })
}
