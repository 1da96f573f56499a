import type { ImageCount, SimulatedModel } from './models.ts'

/** What models of one kind have in common. */
type Kind = Omit<SimulatedModel, 'id' | 'dated' | 'price' | 'image' | 'shutdownDate'>

interface More {
  /** The suffix of its dated name. */
  readonly date?: string
  /** Its shutdown date. */
  readonly gone?: string
  readonly image?: ImageCount
  /** Overrides of its kind. */
  readonly own?: Partial<Kind>
}

const SMALL = { context: 128_000, maxOutput: 16_384 }
const LARGE = { context: 400_000, maxOutput: 128_000 }
const LARGEST = { context: 1_050_000, maxOutput: 128_000 }
const THINKS_NOT = { efforts: [], usualEffort: '' }
const THINKS = { efforts: ['low', 'medium', 'high'], usualEffort: 'medium' }
const THINKS_LESS = { efforts: ['minimal', 'low', 'medium', 'high'], usualEffort: 'medium' }
const MAY_THINK = { efforts: ['none', 'low', 'medium', 'high'], usualEffort: 'none' }
const THINKS_MORE = { efforts: ['none', 'low', 'medium', 'high', 'xhigh'], usualEffort: 'medium' }

const FIRST_O1: Kind = {
  ...SMALL,
  ...THINKS_NOT,
  family: 'first_o1',
  maxOutput: 65_536,
  created: 1725648897,
}
const O_SERIES: Kind = {
  ...THINKS,
  family: 'o_series',
  context: 200_000,
  maxOutput: 100_000,
  created: 1737146383,
}
const GPT_35: Kind = {
  ...THINKS_NOT,
  family: 'gpt_3_5',
  context: 16_385,
  maxOutput: 4_096,
  created: 1677610602,
}
const GPT_4O: Kind = { ...SMALL, ...THINKS_NOT, family: 'gpt_4o', created: 1715367049 }
const GPT_41: Kind = {
  ...THINKS_NOT,
  family: 'gpt_4_1',
  context: 1_047_576,
  maxOutput: 32_768,
  created: 1744316542,
}
const GPT_5: Kind = { ...LARGE, ...THINKS_LESS, family: 'gpt_5', created: 1754425777 }
const GPT_51: Kind = { ...LARGE, ...MAY_THINK, family: 'gpt_5_1', created: 1763337600 }
const GPT_54: Kind = { ...LARGEST, ...THINKS_MORE, family: 'gpt_5_4', created: 1772323200 }
const GPT_56: Kind = { ...LARGEST, ...THINKS_MORE, family: 'gpt_5_6', created: 1783555200 }
const AUDIO: Kind = { ...SMALL, ...THINKS_NOT, family: 'audio', created: 1756339200 }
const NO_CHAT: Kind = { ...SMALL, ...THINKS_NOT, family: 'no_chat', created: 1705948997 }

const OMNI_TILES = { base: 85, tile: 170 }
const MINI_TILES = { base: 2833, tile: 5667 }
const REASONING_TILES = { base: 75, tile: 150 }
const FIVE_TILES = { base: 70, tile: 140 }
const UNSCALED = patches(1, 1_000_000)

export const MODELS: readonly SimulatedModel[] = [
  model(FIRST_O1, 'o1-mini', usd(1.1, 0.55, 4.4), { date: '2024-09-12', gone: '2025-10-27' }),
  model(FIRST_O1, 'o1-preview', usd(15, 7.5, 60), {
    date: '2024-09-12',
    gone: '2025-07-28',
    own: { maxOutput: 32_768 },
  }),
  model(GPT_4O, 'gpt-4o', usd(2.5, 1.25, 10), { date: '2024-08-06', gone: '2027-01-14', image: OMNI_TILES }),
  model(GPT_4O, 'gpt-4o-2024-05-13', usd(5, 5, 15), {
    gone: '2026-10-23',
    image: OMNI_TILES,
    own: { maxOutput: 4096 },
  }),
  model(GPT_4O, 'gpt-4o-2024-11-20', usd(2.5, 1.25, 10), { gone: '2027-01-14', image: OMNI_TILES }),
  model(GPT_4O, 'gpt-4o-mini', usd(0.15, 0.075, 0.6), {
    date: '2024-07-18',
    gone: '2027-01-14',
    image: MINI_TILES,
  }),
  model(O_SERIES, 'o1', usd(15, 7.5, 60), { date: '2024-12-17', gone: '2026-10-23', image: REASONING_TILES }),
  model(O_SERIES, 'o3-mini', usd(1.1, 0.55, 4.4), { date: '2025-01-31', gone: '2026-10-23' }),
  model(O_SERIES, 'o3', usd(2, 0.5, 8), { date: '2025-04-16', gone: '2026-12-11', image: REASONING_TILES }),
  model(O_SERIES, 'o4-mini', usd(1.1, 0.275, 4.4), {
    date: '2025-04-16',
    gone: '2026-10-23',
    image: patches(1.72, 1536),
  }),
  model(GPT_35, 'gpt-3.5-turbo', usd(0.5, 0.5, 1.5), { date: '0125' }),
  model(GPT_41, 'gpt-4.1', usd(2, 0.5, 8), { date: '2025-04-14', gone: '2027-01-14', image: OMNI_TILES }),
  model(GPT_41, 'gpt-4.1-mini', usd(0.4, 0.1, 1.6), {
    date: '2025-04-14',
    gone: '2027-01-14',
    image: patches(1.62, 1536),
  }),
  model(GPT_41, 'gpt-4.1-nano', usd(0.1, 0.025, 0.4), {
    date: '2025-04-14',
    gone: '2026-10-23',
    image: patches(2.46, 1536),
  }),
  model(GPT_5, 'gpt-5', usd(1.25, 0.125, 10), { date: '2025-08-07', gone: '2026-12-11', image: FIVE_TILES }),
  model(GPT_5, 'gpt-5-mini', usd(0.25, 0.025, 2), {
    date: '2025-08-07',
    gone: '2026-12-11',
    image: patches(1.62, 1536),
  }),
  model(GPT_5, 'gpt-5-nano', usd(0.05, 0.005, 0.4), {
    date: '2025-08-07',
    gone: '2026-12-11',
    image: patches(2.46, 1536),
  }),
  model(GPT_51, 'gpt-5.1', usd(1.25, 0.125, 10), { date: '2025-11-13', image: UNSCALED }),
  model(GPT_51, 'gpt-5.2', usd(1.75, 0.175, 14), { date: '2025-12-11', image: UNSCALED, own: THINKS_MORE }),
  model(GPT_54, 'gpt-5.4', usd(2.5, 0.25, 15), { date: '2026-03-05', image: UNSCALED }),
  model(GPT_54, 'gpt-5.4-mini', usd(0.75, 0.075, 4.5), {
    date: '2026-03-17',
    image: UNSCALED,
    own: { context: 400_000 },
  }),
  model(GPT_54, 'gpt-5.4-nano', usd(0.2, 0.02, 1.25), {
    date: '2026-03-17',
    image: UNSCALED,
    own: { context: 400_000 },
  }),
  model(GPT_54, 'gpt-5.5', usd(5, 0.5, 30), { date: '2026-04-23', image: UNSCALED }),
  model(GPT_56, 'gpt-5.6-sol', usd(5, 0.5, 30), { image: UNSCALED }),
  model(GPT_56, 'gpt-5.6-terra', usd(2, 0.2, 12), { image: UNSCALED }),
  model(GPT_56, 'gpt-5.6-luna', usd(0.2, 0.02, 1.2), { image: UNSCALED }),
  model(GPT_56, 'gpt-6-astra', usd(10, 1, 50), { image: UNSCALED }),
  model(GPT_56, 'gpt-6-sol', usd(2, 0.2, 10), { image: UNSCALED }),
  model(GPT_56, 'gpt-6.1-sol', usd(2, 0.1, 10), { image: UNSCALED }),
  model(GPT_56, 'gpt-6-luna', usd(0.1, 0.01, 0.5), { image: UNSCALED, own: { created: 1790035200 } }),
  model(AUDIO, 'gpt-audio', usd(2.5, 2.5, 10), { date: '2025-08-28' }),
  model(AUDIO, 'gpt-4o-audio-preview', usd(2.5, 2.5, 10), { date: '2024-12-17' }),
  model(AUDIO, 'gpt-4o-mini-audio-preview', usd(0.15, 0.15, 0.6), { date: '2024-12-17' }),
  model(NO_CHAT, 'gpt-image-1-mini', usd(2, 0.2, 8)),
  model(NO_CHAT, 'text-embedding-3-small', usd(0.02, 0.02, 0)),
  model(NO_CHAT, 'text-embedding-3-large', usd(0.13, 0.13, 0)),
  model(NO_CHAT, 'text-embedding-ada-002', usd(0.1, 0.1, 0)),
]

/** A model without a dated name answers under its own. */
function model(of: Kind, id: string, price: SimulatedModel['price'], more: More = {}): SimulatedModel {
  const { date, gone = null, image, own } = more
  return {
    ...of,
    ...own,
    id,
    dated: date === undefined ? id : `${id}-${date}`,
    price,
    image,
    shutdownDate: gone,
  }
}

/** Prices per million tokens. */
function usd(input: number, cachedInput: number, output: number): SimulatedModel['price'] {
  const nano = (perMillion: number) => Math.round(perMillion * 1000)
  return { input: nano(input), cachedInput: nano(cachedInput), output: nano(output) }
}

function patches(patch: number, most: number): ImageCount {
  return { patch, most }
}
