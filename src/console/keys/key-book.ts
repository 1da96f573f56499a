/** Something the keyboard does: `j`, `?`, or one after the other, `g o`. */
export interface KeyBinding {
  readonly keys: string
  /** For the list of keys. */
  readonly does: string
  run(): void
  /** Bound, but not worth a line of the list. */
  readonly unlisted?: boolean
}

/** How long the second key of a sequence is waited for. */
const SEQUENCE_MS = 1200

/** All bindings in force; the latest layer wins, so that what is open goes before what lies under it. */
export class KeyBook {
  readonly #layers = new Set<readonly KeyBinding[]>()
  readonly #now: () => number
  #begun: { readonly key: string; readonly at: number } | undefined

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** Returns what takes them back. */
  add(bindings: readonly KeyBinding[]): () => void {
    this.#layers.add(bindings)
    return () => this.#layers.delete(bindings)
  }

  /** What the list of keys shows, the page's own first. */
  listed(): readonly KeyBinding[] {
    return [...this.#layers].reverse().flatMap((layer) => layer.filter(({ unlisted }) => unlisted !== true))
  }

  /** True: a binding took the key. */
  press(key: string): boolean {
    const begun = this.#begun
    this.#begun = undefined
    const sequence = begun !== undefined && this.#now() - begun.at < SEQUENCE_MS ? `${begun.key} ${key}` : key
    const binding = this.#find(sequence) ?? this.#find(key)
    if (binding !== undefined) {
      binding.run()
      return true
    }
    if (this.#all().some(({ keys }) => keys.startsWith(`${key} `))) this.#begun = { key, at: this.#now() }
    return false
  }

  #find(keys: string): KeyBinding | undefined {
    return this.#all().find((binding) => binding.keys === keys)
  }

  #all(): readonly KeyBinding[] {
    return [...this.#layers].reverse().flat()
  }
}
