import type { Misaddressed } from './misaddressed.ts'
import type { Script } from './script.ts'

/** Redis' reply to a script: text, integers, nil, and lists of them. */
export type Reply = string | number | null | readonly Reply[]

/** `warning`: most requests are served, but an operator should act. `misaddressed`: waiting will not help. */
export type StoreHealth =
  | { readonly ok: true; readonly warning?: string }
  | { readonly ok: false; readonly why: string; readonly misaddressed?: Misaddressed }

/**
 * A connection that fails a call when Redis is silent for a deadline, and never queues. Calls made in one
 * turn of the event loop are sent together, in order. While Redis is down or unresponsive every call fails at
 * once; the connection recovers by itself. In a cluster this applies to each node separately: only calls to a
 * failed node fail.
 */
export interface RedisConnection {
  /**
   * Runs a script (`script.ts`) in one atomic step, loading it if Redis does not know it yet. Throws
   * `StoreUnavailable` when Redis is silent for the deadline, and any error the script itself raises. After
   * `StoreUnavailable` either the script was not run, or its reply is lost or late: `onLate` is called with a
   * reply that does arrive, so that its effect can be undone. Once ten deadlines have passed since it was
   * sent, the script will never be run.
   */
  run(
    script: Script,
    keys: readonly string[],
    args: readonly (string | number)[],
    onLate?: (reply: Reply) => void,
  ): Promise<Reply>
  /**
   * Any other command on one key, under the same deadline. A command that timed out may still be executed.
   */
  command(name: string, args: readonly (string | number)[]): Promise<Reply>
  health(): StoreHealth
  /** Called after every (re)connect, once calls are accepted again: Redis may have lost its data. */
  onReady(listener: () => void): void
  /** Lets outstanding calls finish within their deadline, then closes. */
  close(): Promise<void>
}
