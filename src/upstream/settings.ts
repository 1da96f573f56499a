/** One entry of `upstreams:` in the configuration, compiled. Durations are milliseconds. */
export interface UpstreamSettings {
  readonly name: string
  /** With the API's prefix and without a slash at its end: `https://api.openai.com/v1`. */
  readonly baseUrl: string
  readonly apiKey: string | undefined
  readonly kind: 'openai' | 'azure'
  readonly apiVersion: string | undefined
  /** Azure: model name to deployment name. */
  readonly deployments: Readonly<Record<string, string>>
  readonly timeouts: Timeouts
  /** Attempts beyond the first on one target, before the first byte. */
  readonly retries: number
}

export interface Timeouts {
  readonly connect: number
  readonly firstByte: number
  readonly idle: number
  readonly total: number
}

/** How models that are about to be retired are told. */
export interface LifecycleSettings {
  /** How often the upstreams' lists of models are read, in milliseconds; undefined: never. */
  readonly refreshMs: number | undefined
  /** How long before a model's end it is warned of, in milliseconds. */
  readonly warnAheadMs: number
}
