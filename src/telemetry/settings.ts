/** Which requests get a line in the log. */
export interface RequestLogSettings {
  /** `errors`: only those that did not end well. */
  readonly requests: 'all' | 'errors' | 'none'
  /** Share of those that ended well, from 0 to 1. */
  readonly sample: number
}

/** Where spans are sent, and for how many requests. */
export interface TracingSettings {
  /** A collector's OTLP endpoint. If undefined, the `OTEL_*` variables apply, and without them none. */
  readonly endpoint: string | undefined
  /** Share of requests without a traced caller, from 0 to 1. */
  readonly sample: number
}

/** What a span says about an upstream. */
export interface TracedUpstream {
  readonly baseUrl: string
  readonly kind: 'openai' | 'azure'
}
