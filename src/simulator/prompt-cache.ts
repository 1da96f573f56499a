import { type ChatRequest, textOf } from './chat-request.ts'

/** Shorter prompts are never cached, and cached lengths are multiples of the step. */
const LEAST_TOKENS = 1024
const STEP = 128
const PREFIX_CHARS = 1024

/**
 * The vendor's prompt cache, by model and prefix: a prompt that starts like an earlier one pays less for that
 * part.
 */
export class PromptCache {
  readonly #tokensByPrefix = new Map<string, number>()

  /**
   * How many of a prompt's tokens are cached from an earlier prompt on the same model; also caches this
   * prompt.
   */
  lookUp(model: string, request: ChatRequest, promptTokens: number): number {
    if (promptTokens < LEAST_TOKENS) return 0
    const opening = request.messages.map(textOf).join('\n').slice(0, PREFIX_CHARS)
    const key = `${model}\n${opening}`
    const known = this.#tokensByPrefix.get(key) ?? 0
    this.#tokensByPrefix.set(key, promptTokens)
    const shared = Math.min(known, promptTokens)
    return shared < LEAST_TOKENS ? 0 : Math.floor(shared / STEP) * STEP
  }

  clear(): void {
    this.#tokensByPrefix.clear()
  }
}
