import type { OpenCall } from './call.ts'
import type { Completion } from './chat.ts'
import { reasons } from './models.ts'
import type { Ending } from './player.ts'
import { costOf } from './usage.ts'

/** What the simulator charges, by model, in nano-dollars. */
export class Bill {
  readonly #byModel = new Map<string, number>()

  /** The total, or one model's part of it. */
  total(model?: string): number {
    if (model !== undefined) return this.#byModel.get(model) ?? 0
    return [...this.#byModel.values()].reduce((sum, amount) => sum + amount, 0)
  }

  add(call: OpenCall, { model }: Completion, amount: number): void {
    this.book(call, model.id, amount)
  }

  /** For models that are not chat models. */
  book(call: OpenCall, model: string, amount: number): void {
    call.billedNanoUsd += amount
    this.#byModel.set(model, (this.#byModel.get(model) ?? 0) + amount)
  }

  clear(): void {
    this.#byModel.clear()
  }
}

/** How many tokens a model may have generated beyond those written, per choice. */
const AHEAD_TOKENS = 8

/**
 * The most an answer may cost if it ended this way after `sent` visible tokens. It is charged in full, except
 * for a stream cut off after its head from a model without hidden tokens; `prompt` is its prompt's token
 * count in that case.
 */
export function chargeAtMost(
  { count, model, choices }: Completion,
  how: {
    readonly ending: Ending
    readonly isStream: boolean
    readonly prompt: number
    readonly headSent: boolean
    readonly sent: number
    readonly finishes: boolean
  },
): number {
  const isCut = how.isStream && how.headSent && (how.ending !== 'finished' || !how.finishes)
  if (!isCut || reasons(model)) return costOf(count, model)
  const completion = Math.min(count.completion, how.sent + AHEAD_TOKENS * choices.length)
  return costOf({ ...count, prompt: how.prompt, completion }, model)
}

/**
 * What an answer costs if it ended this way after `sent` visible tokens, by what was generated: the prompt,
 * the hidden reasoning before the first word, and the words sent. Nothing if the connection broke before the
 * head.
 */
export function charge(
  { count, model }: Completion,
  how: { readonly ending: Ending; readonly headSent: boolean; readonly sent: number },
): number {
  if (how.ending === 'finished') return costOf(count, model)
  if (how.ending === 'reset' && !how.headSent) return 0
  return costOf({ ...count, completion: Math.min(count.completion, count.reasoning + how.sent) }, model)
}
