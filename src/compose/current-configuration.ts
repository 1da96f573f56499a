import type { Clock } from '../base/clock.ts'
import type { Configuration } from '../config/configuration.ts'
import type { ProcessSettings } from '../config/process-settings.ts'
import type { Live } from '../flow/ports.ts'
import type { Upstream } from '../upstream/upstream.ts'

/** Connects to these upstreams, by name, and retires all others. */
interface Connections {
  follow(wanted: ProcessSettings['upstreams']): ReadonlyMap<string, Upstream>
}

/** A configuration, the connections that belong to it, and when it was loaded. */
interface InForce {
  readonly configuration: Configuration
  readonly live: Live
  /** Milliseconds since the epoch. */
  readonly loadedAt: number
}

/**
 * The configuration in force and the outcome of the last reload. A reload replaces everything at once;
 * requests in flight keep the `Live` they began with.
 */
export class CurrentConfiguration {
  readonly #connections: Connections
  readonly #clock: Clock
  #inForce: InForce
  #refusal: string | undefined

  constructor(started: Configuration, connections: Connections, clock: Clock) {
    this.#connections = connections
    this.#clock = clock
    this.#inForce = this.#take(started)
  }

  get configuration(): Configuration {
    return this.#inForce.configuration
  }

  get live(): Live {
    return this.#inForce.live
  }

  /** Milliseconds since the epoch. */
  get loadedAt(): number {
    return this.#inForce.loadedAt
  }

  /** As last loaded. Those that need a restart are to be read once, at start. */
  get settings(): ProcessSettings {
    return this.#inForce.configuration.process
  }

  /** Why the last reload was refused; undefined if it was accepted, or if there was none. */
  get refusal(): string | undefined {
    return this.#refusal
  }

  replaceBy(loaded: Configuration): void {
    this.#inForce = this.#take(loaded)
    this.#refusal = undefined
  }

  /** Keeps what is in force, and remembers why. */
  refuse(why: string): void {
    this.#refusal = why
  }

  #take(configuration: Configuration): InForce {
    const upstreams = this.#connections.follow(configuration.process.upstreams)
    const live: Live = { runtime: configuration.runtime, upstream: (name) => upstreams.get(name) }
    return { configuration, live, loadedAt: this.#clock.now() }
  }
}
