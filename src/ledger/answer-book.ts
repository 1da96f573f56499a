import { z } from 'zod'
import { DAY } from '../base/durations.ts'
import type { Holder } from '../base/holder.ts'
import { PROMPT_CLASSES } from '../base/prompt-class.ts'

/**
 * Who owns the answers stored upstream. Kept beside the ledger, for at least as long as vendors keep the
 * answers.
 */
export interface AnswerBook {
  /**
   * Records who owns these ids; written within milliseconds. Notes still in memory when the process dies are
   * lost.
   */
  note(ids: readonly string[], holder: Holder, at: number): void
  /** Undefined for an unknown id. Rejects with a `StoreError`. */
  find(id: string): Promise<Holder | undefined>
  /** Flushes pending notes. */
  close(): Promise<void>
}

/** An id with its holder, as stores keep it. */
interface AnswerEntry {
  readonly id: string
  readonly at: number
  readonly holder: Holder
}

/** Twice the thirty days for which vendors keep responses. */
export const KEEP_ANSWERS_MS = 60 * DAY

const StoredHolder = z.object({
  team: z.string(),
  model: z.string(),
  upstream: z.string(),
  class: z.enum(PROMPT_CLASSES).nullable(),
  tokens: z.number().nullish(),
})

/** Parses a stored holder. */
export function readHolder(json: string): Holder {
  const { tokens, ...holder } = StoredHolder.parse(JSON.parse(json))
  return { ...holder, tokens: tokens ?? undefined }
}

/** How long notes wait to be batched. */
const COMPANY_MS = 5

/**
 * Batches notes; those that arrive during a write form the next batch, so a slow store gets larger batches
 * rather than a queue. If the store is down they are lost: a client that continues from such an answer must
 * name its model itself.
 */
export function gathered(
  write: (entries: readonly AnswerEntry[]) => void | Promise<void>,
  find: AnswerBook['find'],
): AnswerBook {
  let waiting: AnswerEntry[] = []
  let writing: Promise<void> | undefined
  const flush = async () => {
    while (waiting.length > 0) {
      await new Promise((resolve) => setTimeout(resolve, COMPANY_MS))
      const entries = waiting
      waiting = []
      try {
        await write(entries)
      } catch {
        // Best effort: no caller awaits this write.
      }
    }
    writing = undefined
  }
  return {
    note(ids, holder, at) {
      for (const id of ids) waiting.push({ id, at, holder })
      writing ??= flush()
    },
    find,
    async close() {
      await writing
    },
  }
}
