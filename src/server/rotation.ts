/**
 * Whether new requests are wanted. Out of rotation everybody is still served: whoever sends requests is to notice by
 * readiness, and by connections that are closed after an answer, before anything is refused.
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
