/** An endpoint's no: answered in the envelope with this status and code. What it says is for the caller. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly status: number
  readonly code: string
  /** More than the message, for programs: stands in the envelope as `error.metadata`. */
  readonly metadata: object | undefined

  constructor(status: number, code: string, message: string, metadata?: object, options?: ErrorOptions) {
    super(message, options)
    this.status = status
    this.code = code
    this.metadata = metadata
  }
}
