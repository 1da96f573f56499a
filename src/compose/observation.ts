import type { Logger } from 'pino'
import type { Clock } from '../base/clock.ts'
import type { ProcessSettings } from '../config/process-settings.ts'
import type { Observer } from '../flow/ports.ts'
import { standardOutput } from '../telemetry/log-output.ts'
import { observeWith } from '../telemetry/observing.ts'
import { RequestLog } from '../telemetry/request-log.ts'
import type { TracedUpstream } from '../telemetry/settings.ts'
import { Telemetry } from '../telemetry/telemetry.ts'
import { openTracing } from '../telemetry/tracing.ts'

/** What observes the program: log, metrics, traces. */
export interface Observation {
  readonly log: Logger
  readonly telemetry: Telemetry
  readonly observer: Observer
  /** Log lines dropped because nobody read them in time. */
  linesDropped(): number
  /** Flushes what is left, with a short timeout for a slow reader or collector. */
  close(): Promise<void>
}

interface Parts {
  readonly settings: Pick<ProcessSettings, 'logLevel' | 'requestLog' | 'tracing'>
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  readonly version: string
  /** Looks up an upstream of the configuration in force by name. */
  upstreamOf(name: string): TracedUpstream | undefined
}

/** Opens the log first, as the others report to it; `close` flushes it last. */
export async function openObservation({ settings, env, clock, ...parts }: Parts): Promise<Observation> {
  const output = standardOutput()
  const log = output.logger(settings.logLevel)
  const requestLog = new RequestLog({
    settings: settings.requestLog,
    leastLevel: log.levelVal,
    lines: output,
    now: () => clock.now(),
    random: Math.random,
  })
  const telemetry = new Telemetry()
  const tracing = await openTracing({ ...parts, settings: settings.tracing, clock, log }, env)
  return {
    log,
    telemetry,
    observer: observeWith({ telemetry, log: requestLog, tracing }),
    linesDropped: () => output.dropped,
    async close() {
      await tracing?.close()
      await output.flush()
    },
  }
}
