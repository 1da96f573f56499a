import { MODELS } from './model-list.ts'

/**
 * A model the simulator plays, with the limits and prices the vendor publishes (OpenAI's pricing and
 * deprecations pages, November 2026). The price list is deliberately separate from the proxy's: bookings are
 * checked against what an independent party would have billed. Standard prices only: no surcharges for long
 * prompts or cache writes.
 */
export interface SimulatedModel {
  readonly id: string
  /** The answer's `model`: an alias answers under its dated name. */
  readonly dated: string
  readonly family: Family
  readonly context: number
  readonly maxOutput: number
  /** Nano-dollars per token: one USD per million tokens is 1000. */
  readonly price: { readonly input: number; readonly cachedInput: number; readonly output: number }
  readonly image: ImageCount | undefined
  /** The values of `reasoning_effort` it accepts; empty for a model without the field. */
  readonly efforts: readonly string[]
  readonly usualEffort: string
  /** The day the vendor removes it from the API, as stated by `GET /v1/models`. */
  readonly shutdownDate: string | null
  readonly created: number
}

/**
 * Tokens of an image: 512-pixel tiles (`base` alone for low detail), or patches of 32 pixels, capped or not.
 */
export type ImageCount =
  | { readonly base: number; readonly tile: number }
  | { readonly patch: number; readonly most: number }

/**
 * Which request rules a model obeys. `first_o1`: user and assistant text only. `o_series`: tools and system
 * messages are allowed, sampling parameters are not. `gpt_5`: the same, and it always reasons. `gpt_5_1`: can
 * be told not to reason, and then allows sampling. `gpt_5_4`: calls tools in a chat only when not reasoning.
 * `gpt_5_6`: with its own cache fields. `gpt_4o`, `gpt_4_1`: nearly everything except reasoning effort.
 * `gpt_3_5`: text only. `audio`: only with audio. `no_chat`: not a chat model.
 */
export type Family =
  | 'first_o1'
  | 'o_series'
  | 'gpt_3_5'
  | 'gpt_4o'
  | 'gpt_4_1'
  | 'gpt_5'
  | 'gpt_5_1'
  | 'gpt_5_4'
  | 'gpt_5_6'
  | 'audio'
  | 'no_chat'

export { MODELS }

/** Finds a model by its alias or its dated name. */
export function modelNamed(models: readonly SimulatedModel[], name: string): SimulatedModel | undefined {
  return models.find((model) => model.id === name || model.dated === name)
}

/** Whether the model can think before it answers. */
export function reasons({ family, efforts }: SimulatedModel): boolean {
  return family === 'first_o1' || efforts.length > 0
}

/** One entry of `GET /v1/models`. */
export function listing(model: SimulatedModel): object {
  return {
    id: model.id,
    object: 'model',
    created: model.created,
    owned_by: 'system',
    shutdown_date: model.shutdownDate,
  }
}
