import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import { TargetHealth } from '../upstream/health.ts'
import { Lifecycle } from '../upstream/lifecycle.ts'
import type { CurrentConfiguration } from './current-configuration.ts'

/** What is known of the targets: which answer, and which their upstreams still have. */
export interface Targets {
  readonly health: TargetHealth
  readonly lifecycle: Lifecycle
}

/** Looks at no upstream until `lifecycle.start()`. What it opens is closed by `opened`. */
export function watchTargets(
  current: CurrentConfiguration,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  opened: AsyncDisposableStack,
): Targets {
  const lifecycle = new Lifecycle({
    watched: () => ({
      settings: current.settings.lifecycle,
      upstreams: current.settings.upstreams,
      routed: Object.values(current.live.runtime.routes).flat(),
    }),
    now: () => clock.now(),
    log,
  })
  opened.defer(() => lifecycle.close())
  return { lifecycle, health: new TargetHealth(clock, (target) => lifecycle.absenceOf(target)) }
}
