/**
 * Whether new requests are welcome. Out of rotation every request is still served: load balancers are meant
 * to notice through readiness, and through connections closed after an answer, before anything is refused.
 */
export class Rotation {
  readonly #tell: (isLeft: boolean) => void
  #isLeft = false

  constructor(tell: (isLeft: boolean) => void) {
    this.#tell = tell
  }

  get isLeft(): boolean {
    return this.#isLeft
  }

  leave(): void {
    this.#isLeft = true
    this.#tell(true)
  }

  rejoin(): void {
    this.#isLeft = false
    this.#tell(false)
  }
}
