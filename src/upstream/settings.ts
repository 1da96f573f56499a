/** One entry of `upstreams:` in the configuration, compiled. Durations are in milliseconds. */
export interface UpstreamSettings {
  readonly name: string
  /** With the API's prefix, without a trailing slash: `https://api.openai.com/v1`. */
  readonly baseUrl: string
  readonly apiKey: string | undefined
  readonly kind: 'openai' | 'azure'
  readonly apiVersion: string | undefined
  /** Azure: model name to deployment name. */
  readonly deployments: Readonly<Record<string, string>>
  readonly timeouts: Timeouts
  /** Retries per target, before the first byte. */
  readonly retries: number
}

/** All in milliseconds. */
export interface Timeouts {
  readonly connect: number
  readonly firstByte: number
  readonly idle: number
  readonly total: number
}

/** How upcoming retirements of models are announced. */
export interface LifecycleSettings {
  /** How often to read the upstreams' model lists, in milliseconds; undefined means never. */
  readonly refreshMs: number | undefined
  /** How long before a model's end to warn, in milliseconds. */
  readonly warnAheadMs: number
}
