import type { Clock } from '../base/clock.ts'
import type { Exchange } from '../flow/exchange.ts'
import type { Trace } from '../flow/ports.ts'
import type { Endpoint } from '../flow/team.ts'
import type { TracedUpstream, TracingSettings } from './settings.ts'

/** What follows requests, and sends what it saw to a collector. */
export interface Tracing {
  begin(exchange: Exchange, endpoint: Endpoint): Trace
  /** Sends what is left, or gives up after two seconds. */
  close(): Promise<void>
}

export interface TracingParts {
  readonly settings: TracingSettings
  readonly clock: Clock
  readonly version: string
  /** An upstream of the configuration in force, by name. */
  upstreamOf(name: string): TracedUpstream | undefined
  readonly log: { warn(facts: object, message: string): void }
}

/** Where a collector is named, by the configuration or by OpenTelemetry's own variables, unless they say no. */
function isTracingWanted(
  { endpoint }: Pick<TracingSettings, 'endpoint'>,
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  if (env.OTEL_SDK_DISABLED === 'true' || env.OTEL_TRACES_EXPORTER === 'none') return false
  return Boolean(endpoint ?? env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? env.OTEL_EXPORTER_OTLP_ENDPOINT)
}

/** Undefined where nothing is traced: then nothing of it is loaded either. */
export async function openTracing(
  parts: TracingParts,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Tracing | undefined> {
  if (!isTracingWanted(parts.settings, env)) return undefined
  const { startTracing } = await import('./tracing/provider.ts')
  return startTracing(parts)
}
