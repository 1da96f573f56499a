import { DiagLogLevel, diag, ROOT_CONTEXT, trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import { headerOf } from '../../flow/exchange.ts'
import type { Tracing, TracingParts } from '../tracing.ts'
import { RequestTrace } from './request-trace.ts'
import { readTraceparent } from './traceparent.ts'

/** Timeout for sending a batch, and so how long shutdown waits for a collector. */
const PATIENCE_MS = 2_000

/**
 * Traces requests, and sends sampled ones to a collector in batches. Traces of a sampled caller are
 * continued; of other requests the configured share is sampled. An unreachable collector costs spans, never a
 * request: the queue is bounded.
 */
export async function startTracing({
  settings,
  clock,
  version,
  upstreamOf,
  log,
}: TracingParts): Promise<Tracing> {
  const quiet = () => {}
  const warn = (message: string) => log.warn({ why: message.slice(0, 500) }, 'traces could not be sent')
  diag.setLogger(
    { error: warn, warn, info: quiet, debug: quiet, verbose: quiet },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  )
  const { endpoint, sample } = settings
  const own = resourceFromAttributes({ 'service.name': 'trivium', 'service.version': version })
  const provider = new TracerProvider({
    resource: own.merge(detectResources({ detectors: [envDetector] })),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(sample) }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter({
          timeoutMillis: PATIENCE_MS,
          ...(endpoint !== undefined && { url: endpoint }),
        }),
      }),
    ],
  })
  const parts = { tracer: provider.getTracer('trivium', version), clock, upstreamOf }
  return {
    begin(exchange, endpoint) {
      const caller = readTraceparent(headerOf(exchange.headers, 'traceparent'))
      const outside = caller === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, caller)
      return new RequestTrace(parts, exchange, endpoint, outside)
    },
    async close() {
      await Promise.race([
        provider.shutdown().catch((error: unknown) => warn(String(error))),
        new Promise((resolve) => setTimeout(resolve, PATIENCE_MS).unref()),
      ])
    },
  }
}
