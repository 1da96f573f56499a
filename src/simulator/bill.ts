import type { OpenCall } from './call.ts'
import type { Completion } from './chat.ts'
import type { Ending } from './player.ts'
import { costOf } from './usage.ts'

/** What the simulator charges, by model, in nano-dollars. */
export class Bill {
  readonly #byModel = new Map<string, number>()

  /** The sum, or one model's part of it. */
  total(model?: string): number {
    if (model !== undefined) return this.#byModel.get(model) ?? 0
    return [...this.#byModel.values()].reduce((sum, amount) => sum + amount, 0)
  }

  add(call: OpenCall, { model }: Completion, amount: number): void {
    this.book(call, model.id, amount)
  }

  /** For models that complete no chats. */
  book(call: OpenCall, model: string, amount: number): void {
    call.billedNanoUsd += amount
    this.#byModel.set(model, (this.#byModel.get(model) ?? 0) + amount)
  }

  clear(): void {
    this.#byModel.clear()
  }
}

/**
 * What an answer costs that ended so after `sent` visible tokens, by what was made: the prompt, the hidden reasoning
 * before the first word, and the words sent; nothing for an answer whose connection broke before its head.
 */
export function charge(
  { count, model }: Completion,
  how: { readonly ending: Ending; readonly headSent: boolean; readonly sent: number },
): number {
  if (how.ending === 'finished') return costOf(count, model)
  if (how.ending === 'reset' && !how.headSent) return 0
  return costOf({ ...count, completion: Math.min(count.completion, count.reasoning + how.sent) }, model)
}
