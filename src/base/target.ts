/**
 * What a model takes, by feature of the request. A feature a target lacks is either adapted (`routing/adapt.ts`) or
 * makes the target incapable of the request. Data: `config/models.yaml`.
 */
export const CAPABILITIES = [
  'stream',
  'responses',
  'response_tools',
  'system',
  'developer',
  'tools',
  'parallel_tool_calls',
  'json_object',
  'json_schema',
  'images',
  'audio',
  'files',
  'logprobs',
  'logit_bias',
  'stop',
  'n',
  'sampling',
  'penalties',
  'prediction',
  'reasoning_effort',
  'service_tier',
  'web_search',
  'max_tokens',
  'max_completion_tokens',
] as const

export type Capability = (typeof CAPABILITIES)[number]

/** How many tokens an image costs: fixed tiles of 512 px, or patches of 32 px with a model's multiplier. */
export type ImageRule =
  | { readonly kind: 'tiles'; readonly base: number; readonly tile: number }
  | { readonly kind: 'patches'; readonly most: number; readonly multiplier: number }

/** A model on an upstream: what a candidate of a route is. Lengths are in tokens. */
export interface Target {
  /** The name in the configuration, in routes, pins and price lists. */
  readonly model: string
  /** The upstream that serves it, by its name in the configuration. */
  readonly upstream: string
  /** What the body's `model` says upstream: the model's name, or an Azure deployment's. */
  readonly sentModel: string
  readonly context: number
  readonly maxOutput: number
  /** Hidden reasoning is billed as output: an answer cut short costs its bound, and small caps need head-room. */
  readonly reasoning: boolean
  readonly capabilities: ReadonlySet<Capability>
  readonly images: ImageRule | undefined
  /** When the vendor takes it off its API, milliseconds since the epoch; undefined where no date is known. */
  readonly shutdownAt: number | undefined
}
