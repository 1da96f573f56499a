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
  'functions',
  'custom_tools',
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

/**
 * How many tokens an image costs: fixed tiles of 512 px, patches of 32 px with a model's multiplier, or, where no
 * formula is known, whatever the context holds.
 */
export type ImageRule =
  | { readonly kind: 'tiles'; readonly base: number; readonly tile: number }
  | { readonly kind: 'patches'; readonly most: number; readonly multiplier: number }
  | { readonly kind: 'context' }

/** How hard a model may be asked to think, from not at all; what vendors name in `reasoning_effort`. */
export const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const

export type Effort = (typeof EFFORTS)[number]

/** What a model makes of an effort. */
export interface EffortRule {
  /** The ones it takes. */
  readonly values: readonly Effort[]
  /** What it does unasked; undefined where that is not known for certain. */
  readonly usual: Effort | undefined
  /** What it takes besides while it does not reason: with the effort `none`, and no other. */
  readonly atNone: ReadonlySet<Capability>
}

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
  /** The vocabulary its tokens are of; undefined where it is none that we can count by: then a byte counts as one. */
  readonly tokenizer: 'o200k_base' | undefined
  readonly capabilities: ReadonlySet<Capability>
  /** Undefined for a model that knows no effort. */
  readonly effort: EffortRule | undefined
  /** Capabilities it is said to have by some and not to have by others: it serves such a request when nobody else can. */
  readonly doubted: ReadonlySet<Capability>
  /** Top-level fields that are no capability, and that its endpoint refuses: they are left out for it. */
  readonly refuses: readonly string[]
  /** Serves a request only if it needs one of these; undefined: any request, empty: none at all. */
  readonly onlyFor: readonly Capability[] | undefined
  readonly images: ImageRule | undefined
  /** When the vendor takes it off its API, milliseconds since the epoch; undefined where no date is known. */
  readonly shutdownAt: number | undefined
}
