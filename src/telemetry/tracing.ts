import type { Clock } from '../base/clock.ts'
import type { Endpoint } from '../base/endpoint.ts'
import type { Log } from '../base/log.ts'
import type { Exchange } from '../flow/exchange.ts'
import type { Trace } from '../flow/ports.ts'
import type { TracedUpstream, TracingSettings } from './settings.ts'

/** Traces requests and sends the spans to a collector. */
export interface Tracing {
  begin(exchange: Exchange, endpoint: Endpoint): Trace
  /** Sends what is left, or gives up after two seconds. */
  close(): Promise<void>
}

export interface TracingParts {
  readonly settings: TracingSettings
  readonly clock: Clock
  readonly version: string
  /** Looks up an upstream of the configuration in force by name. */
  upstreamOf(name: string): TracedUpstream | undefined
  readonly log: Pick<Log, 'warn'>
}

/** True if the configuration or OpenTelemetry's variables name a collector, unless these disable it. */
function isTracingWanted(
  { endpoint }: Pick<TracingSettings, 'endpoint'>,
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  if (env.OTEL_SDK_DISABLED === 'true' || env.OTEL_TRACES_EXPORTER === 'none') return false
  return Boolean(endpoint ?? env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? env.OTEL_EXPORTER_OTLP_ENDPOINT)
}

/** Undefined if tracing is off; then the SDK is not even loaded. */
export async function openTracing(
  parts: TracingParts,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Tracing | undefined> {
  if (!isTracingWanted(parts.settings, env)) return undefined
  const { startTracing } = await import('./tracing/provider.ts')
  return startTracing(parts)
}
