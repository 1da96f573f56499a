/** Counts requests from their arrival until their ledger rows are closed. */
export class InFlight {
  #count = 0
  #none = () => {}

  get count(): number {
    return this.#count
  }

  begin(): void {
    this.#count += 1
  }

  end(): void {
    this.#count -= 1
    if (this.#count === 0) this.#none()
  }

  /** Resolves when there is none; requests that begin meanwhile are waited for, too. */
  async ended(): Promise<void> {
    if (this.#count === 0) return
    await new Promise<void>((resolve) => {
      this.#none = resolve
    })
  }
}
