/**
 * A refusal by an endpoint: answered in the error envelope with this status and code. The message is meant
 * for the caller.
 */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly status: number
  readonly code: string
  /** Machine-readable details, sent in the envelope as `error.metadata`. */
  readonly metadata: object | undefined

  constructor(status: number, code: string, message: string, metadata?: object, options?: ErrorOptions) {
    super(message, options)
    this.status = status
    this.code = code
    this.metadata = metadata
  }
}
