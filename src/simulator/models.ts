/**
 * The models the simulator plays, with their limits and prices as the vendor publishes them (OpenAI's pricing and
 * deprecations pages, November 2026). A price list of its own: what the proxy booked is checked against what a
 * stranger would have billed, not against itself. Standard prices only: no surcharges for long prompts or cache writes.
 */
export interface SimulatedModel {
  readonly id: string
  /** What the answer's `model` says: an alias answers under its dated name. */
  readonly dated: string
  readonly family: Family
  readonly context: number
  readonly maxOutput: number
  /** Nano-dollars per token: one USD per million tokens is 1000. */
  readonly price: { readonly input: number; readonly cachedInput: number; readonly output: number }
  /** Tokens of an image: `base` alone for low detail, `tile` for each 512-pixel tile on top. */
  readonly image: { readonly base: number; readonly tile: number } | undefined
  /** Day the vendor takes it off its API, as `GET /v1/models` says it. */
  readonly shutdownDate: string | null
  readonly created: number
}

/**
 * Which request rules a model obeys. `first_o1`: user and assistant text only. `o_series`: tools and system messages
 * are fine, sampling is not. `gpt_5`: like it while it reasons. `gpt_4o`: nearly everything but reasoning effort.
 */
export type Family = 'first_o1' | 'o_series' | 'gpt_5' | 'gpt_4o'

const retired = { image: undefined, family: 'first_o1', context: 128_000, created: 1725648897 } as const
const four = { family: 'gpt_4o', context: 128_000, maxOutput: 16_384, created: 1715367049 } as const
const series = { family: 'o_series', context: 200_000, maxOutput: 100_000, created: 1737146383 } as const
const five = { family: 'gpt_5', context: 400_000, maxOutput: 128_000, created: 1754425777 } as const
const omniTiles = { base: 85, tile: 170 }
const miniTiles = { base: 2833, tile: 5667 }
const reasoningTiles = { base: 75, tile: 150 }
const fiveTiles = { base: 70, tile: 140 }

function price(input: number, cachedInput: number, output: number): SimulatedModel['price'] {
  return { input, cachedInput, output }
}

export const MODELS: readonly SimulatedModel[] = [
  {
    ...retired,
    id: 'o1-mini',
    dated: 'o1-mini-2024-09-12',
    maxOutput: 65_536,
    price: price(1100, 550, 4400),
    shutdownDate: '2025-10-27',
  },
  {
    ...retired,
    id: 'o1-preview',
    dated: 'o1-preview-2024-09-12',
    maxOutput: 32_768,
    price: price(15_000, 7500, 60_000),
    shutdownDate: '2025-07-28',
  },
  {
    ...four,
    id: 'gpt-4o',
    dated: 'gpt-4o-2024-08-06',
    price: price(2500, 1250, 10_000),
    image: omniTiles,
    shutdownDate: '2027-01-14',
  },
  {
    ...four,
    id: 'gpt-4o-2024-05-13',
    dated: 'gpt-4o-2024-05-13',
    maxOutput: 4096,
    price: price(5000, 5000, 15_000),
    image: omniTiles,
    shutdownDate: '2026-10-23',
  },
  {
    ...four,
    id: 'gpt-4o-mini',
    dated: 'gpt-4o-mini-2024-07-18',
    price: price(150, 75, 600),
    image: miniTiles,
    shutdownDate: '2027-01-14',
  },
  {
    ...series,
    id: 'o1',
    dated: 'o1-2024-12-17',
    price: price(15_000, 7500, 60_000),
    image: reasoningTiles,
    shutdownDate: '2026-10-23',
  },
  {
    ...series,
    id: 'o3-mini',
    dated: 'o3-mini-2025-01-31',
    price: price(1100, 550, 4400),
    image: undefined,
    shutdownDate: '2026-10-23',
  },
  {
    ...series,
    id: 'o4-mini',
    dated: 'o4-mini-2025-04-16',
    price: price(1100, 275, 4400),
    image: reasoningTiles,
    shutdownDate: '2026-10-23',
  },
  {
    ...five,
    id: 'gpt-5-mini',
    dated: 'gpt-5-mini-2025-08-07',
    price: price(250, 25, 2000),
    image: fiveTiles,
    shutdownDate: '2026-12-11',
  },
  {
    ...five,
    id: 'gpt-5.6-terra',
    dated: 'gpt-5.6-terra',
    price: price(2000, 200, 12_000),
    image: fiveTiles,
    context: 1_050_000,
    shutdownDate: null,
  },
  {
    ...five,
    id: 'gpt-5.6-luna',
    dated: 'gpt-5.6-luna',
    price: price(200, 20, 1200),
    image: fiveTiles,
    context: 1_050_000,
    shutdownDate: null,
  },
  {
    ...five,
    id: 'gpt-6-luna',
    dated: 'gpt-6-luna',
    context: 1_050_000,
    price: price(100, 10, 500),
    image: fiveTiles,
    shutdownDate: null,
    created: 1790035200,
  },
]

/** Finds a model by its alias or its dated name. */
export function modelNamed(models: readonly SimulatedModel[], name: string): SimulatedModel | undefined {
  return models.find((model) => model.id === name || model.dated === name)
}

export function reasons(model: SimulatedModel): boolean {
  return model.family !== 'gpt_4o'
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
