import { z } from 'zod'
import type { Holder } from '../base/holder.ts'
import { PROMPT_CLASSES } from '../base/prompt-class.ts'

/** Who holds what answers left behind upstream, beside the ledger and for as long as vendors keep it. */
export interface AnswerBook {
  /** Notes who holds what these ids name; written within a moment. What is noted as a process dies may be lost. */
  note(ids: readonly string[], holder: Holder, at: number): void
  /** Undefined for an id nobody noted. Rejects with a `StoreError`. */
  find(id: string): Promise<Holder | undefined>
  /** Writes what is still waiting. */
  close(): Promise<void>
}

/** An id with its holder, as stores keep it. */
export interface AnswerEntry {
  readonly id: string
  readonly at: number
  readonly holder: Holder
}

/** Vendors keep responses for thirty days. */
export const KEEP_ANSWERS_MS = 60 * 86_400_000

const StoredHolder = z.object({
  team: z.string(),
  model: z.string(),
  upstream: z.string(),
  class: z.enum(PROMPT_CLASSES).nullable(),
  tokens: z.number().nullish(),
})

/** A holder as JSON, and back. */
export function readHolder(json: string): Holder {
  const { tokens, ...holder } = StoredHolder.parse(JSON.parse(json))
  return { ...holder, tokens: tokens ?? undefined }
}

/** How long notes wait for company. */
const COMPANY_MS = 5

/**
 * Notes of a moment together, and while they are written those that come meanwhile: a store that is slow gets larger parts, not
 * a queue. One that is away loses them: who goes on from such an answer names its model itself.
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
        // Nobody waits for it.
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
