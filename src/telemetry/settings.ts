/** Which requests get a line in the log. */
export interface RequestLogSettings {
  /** `errors`: those that did not end well. */
  readonly requests: 'all' | 'errors' | 'none'
  /** Share of those that ended well, from 0 to 1. */
  readonly sample: number
}

/** Where spans are sent, and of how many requests. */
export interface TracingSettings {
  /** Where a collector takes OTLP; undefined: where the `OTEL_*` variables say, and without them nothing is sent. */
  readonly endpoint: string | undefined
  /** Share of the requests no traced caller sent, from 0 to 1. */
  readonly sample: number
}

/** What a span tells of an upstream. */
export interface TracedUpstream {
  readonly baseUrl: string
  readonly kind: 'openai' | 'azure'
}
