/** Which requests get a line in the log. */
export interface RequestLogSettings {
  /** `errors`: those that did not end well. */
  readonly requests: 'all' | 'errors' | 'none'
  /** Share of those that ended well, from 0 to 1. */
  readonly sample: number
}
