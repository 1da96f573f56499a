import type { Ledger } from '../ledger/ledger.ts'
import type { Limiter } from '../limits/limiter.ts'

/** Whether the program can serve, part by part. */
export interface Readiness {
  readonly ready: boolean
  readonly checks: Readonly<Record<string, string>>
}

interface Parts {
  readonly ledger: Pick<Ledger, 'health'>
  readonly limiter: Pick<Limiter, 'health'>
  /** Why the last reload was refused. */
  readonly refusal: string | undefined
  /** Shutting down, or taken out of rotation. */
  readonly isDraining: boolean
}

/**
 * Whether the program can serve. A refused reload does not make it unready: the previous configuration keeps
 * serving. Nor do limits that are away, if the configuration admits requests without them.
 */
export function readinessOf({ ledger, limiter, refusal, isDraining }: Parts): Readiness {
  const money = ledger.health()
  const limits = limiter.health()
  return {
    ready: money.ok && (limits.ok || limits.admits) && !isDraining,
    checks: {
      ledger: money.ok ? (money.warning ?? 'ok') : money.why,
      limits: limits.ok ? 'ok' : limits.why,
      configuration: refusal === undefined ? 'ok' : `the last reload was refused: ${refusal}`,
      draining: String(isDraining),
    },
  }
}
