/** Details of a refusal. */
type Metadata = Readonly<Record<string, unknown>> & { readonly retry_after_seconds?: number }

/**
 * A refusal by an endpoint: answered in the error envelope with this status and code. The message is meant
 * for the caller.
 */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly status: number
  readonly code: string
  /** Machine-readable details, sent in the envelope as `error.metadata`; a wait is sent as `retry-after`, too. */
  readonly metadata: Metadata | undefined

  constructor(status: number, code: string, message: string, metadata?: Metadata, options?: ErrorOptions) {
    super(message, options)
    this.status = status
    this.code = code
    this.metadata = metadata
  }
}
