/**
 * What a model supports, by feature of the request. A feature the target lacks is either adapted
 * (`routing/adapt.ts`) or makes the target incapable of the request. The data is in `config/models.yaml`.
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
 * How many tokens an image costs: tiles of 512 px at a fixed price, patches of 32 px with a model's
 * multiplier, or, if no formula is known, the whole context.
 */
export type ImageRule =
  | { readonly kind: 'tiles'; readonly base: number; readonly tile: number }
  | { readonly kind: 'patches'; readonly most: number; readonly multiplier: number }
  | { readonly kind: 'context' }

/** Reasoning efforts, in ascending order, as vendors name them in `reasoning_effort`. */
export const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const

export type Effort = (typeof EFFORTS)[number]

/** How a model handles reasoning effort. */
export interface EffortRule {
  /** The values it accepts. */
  readonly values: readonly Effort[]
  /** Its default; undefined if not known for certain. */
  readonly usual: Effort | undefined
  /** What else it supports while it does not reason, that is, only with the effort `none`. */
  readonly atNone: ReadonlySet<Capability>
}

/** A model on an upstream: a candidate of a route. Lengths are in tokens. */
export interface Target {
  /** Its name in the configuration, in routes, pins and price lists. */
  readonly model: string
  /**
   * The place that serves it: an upstream's name in the configuration, with `#2` for its second key. Each place has
   * vendor limits, rests and prompt caches of its own.
   */
  readonly upstream: string
  /** The body's `model` as sent upstream: the model's name, or an Azure deployment's. */
  readonly sentModel: string
  readonly context: number
  readonly maxOutput: number
  /** Hidden reasoning is billed as output: a cut answer costs its bound, and small caps need headroom. */
  readonly reasoning: boolean
  /** The vocabulary of its tokens; undefined if we cannot count them: then each byte counts as one. */
  readonly tokenizer: 'o200k_base' | undefined
  readonly capabilities: ReadonlySet<Capability>
  /** Undefined for a model without reasoning effort. */
  readonly effort: EffortRule | undefined
  /** Capabilities on which sources disagree: it serves such a request only if no other can. */
  readonly doubted: ReadonlySet<Capability>
  /** Top-level fields, other than capabilities, that its endpoint refuses; they are removed for it. */
  readonly refuses: readonly string[]
  /** Serves only requests that need one of these; undefined means any request, empty means none. */
  readonly onlyFor: readonly Capability[] | undefined
  readonly images: ImageRule | undefined
  /** When the vendor removes it from its API, milliseconds since the epoch; undefined if no date is known. */
  readonly shutdownAt: number | undefined
  /** The configuration says `shutdown: never`: then no date counts, its upstream's own neither. */
  readonly stays: boolean
}
