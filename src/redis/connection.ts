import type { Misaddressed } from './misaddressed.ts'
import type { Script } from './script.ts'

/** What Redis answers to a script: text, integers, nil, and lists of them. */
export type Reply = string | number | null | readonly Reply[]

/** `warning`: most is served, but something needs an operator. `misaddressed`: waiting does not help. */
export type StoreHealth =
  | { readonly ok: true; readonly warning?: string }
  | { readonly ok: false; readonly why: string; readonly misaddressed?: Misaddressed }

/**
 * A connection that fails when Redis is silent for a deadline, and never queues. Calls of one turn of the event loop travel
 * together, in order. While Redis is away or silent every call fails at once; it comes back by itself. Of a cluster all this
 * is true of each node by itself: what one that is away has fails, the rest is served.
 */
export interface RedisConnection {
  /**
   * Runs a script (`script.ts`) in one atomic step; one Redis does not know yet is loaded. Throws `StoreUnavailable`
   * when Redis is silent for the deadline, and whatever error the script itself makes. After `StoreUnavailable` the script
   * was not run, or its answer is lost or late: `onLate` is then called with an answer that does arrive, to undo what was
   * done. Later than ten deadlines after it was sent it will never be run.
   */
  run(
    script: Script,
    keys: readonly string[],
    args: readonly (string | number)[],
    onLate?: (reply: Reply) => void,
  ): Promise<Reply>
  /** Any other command about one key, under the same deadline. One that was given up may still be carried out. */
  command(name: string, args: readonly (string | number)[]): Promise<Reply>
  health(): StoreHealth
  /** Called after every connecting, when calls are taken again: Redis may have lost its data. */
  onReady(listener: () => void): void
  /** Lets outstanding calls finish within their deadline, then closes. */
  close(): Promise<void>
}
