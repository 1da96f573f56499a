import { z } from 'zod'
import { webAddress } from './web-address.ts'

export const Log = z.strictObject({
  level: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .prefault('info')
    .describe('Lowest severity that is written.'),
  requests: z
    .enum(['all', 'errors', 'none'])
    .prefault('all')
    .describe('Which requests are logged when they end. `errors`: only those whose outcome is not `ok`.'),
  sample: z
    .number()
    .min(0)
    .max(1)
    .prefault(1)
    .describe('Fraction of `ok` requests that is logged under `requests: all`. All others are logged.'),
})

export const Tracing = z.strictObject({
  endpoint: webAddress()
    .optional()
    .describe(
      'Base URL of an OTLP collector, without `/v1/traces`. Absent: `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` or `OTEL_EXPORTER_OTLP_ENDPOINT`; without either, tracing is off.',
    ),
  sample: z
    .number()
    .min(0)
    .max(1)
    .prefault(1)
    .describe('Fraction of requests traced, unless the caller’s `traceparent` decides.'),
})
