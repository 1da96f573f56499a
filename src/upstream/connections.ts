import { isDeepStrictEqual } from 'node:util'
import type { Clock } from '../base/clock.ts'
import { createHttpUpstream } from './http-upstream.ts'
import type { UpstreamSettings } from './settings.ts'
import type { Upstream } from './upstream.ts'

interface Connected {
  readonly settings: UpstreamSettings
  readonly upstream: Upstream
}

/**
 * The upstreams of the configuration in force. One with unchanged settings keeps its warm connections across
 * a reload; one that changed or was removed is closed once no request can still retry on it.
 */
export class Connections {
  #connected: readonly Connected[] = []
  readonly #retired = new Map<Upstream, NodeJS.Timeout>()
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Connects to these upstreams, by name, and retires all others. */
  follow(wanted: readonly UpstreamSettings[]): ReadonlyMap<string, Upstream> {
    const before = this.#connected
    this.#connected = wanted.map(
      (settings) =>
        before.find((each) => isDeepStrictEqual(each.settings, settings)) ?? {
          settings,
          upstream: createHttpUpstream(settings, this.#clock),
        },
    )
    for (const each of before) if (!this.#connected.includes(each)) this.#retire(each)
    return new Map(this.#connected.map(({ settings, upstream }) => [settings.name, upstream]))
  }

  /** For the end of the program: calls still in flight break off, since no client waits for them any more. */
  async close(): Promise<void> {
    for (const timer of this.#retired.values()) clearTimeout(timer)
    const all = [...this.#connected.map(({ upstream }) => upstream), ...this.#retired.keys()]
    await Promise.all(all.map((upstream) => upstream.destroy()))
  }

  #retire({ settings, upstream }: Connected): void {
    const timer = setTimeout(() => {
      this.#retired.delete(upstream)
      void upstream.close()
    }, settings.timeouts.total)
    timer.unref()
    this.#retired.set(upstream, timer)
  }
}
