/** A keyboard shortcut: `j`, `?`, or a sequence such as `g o`. */
export interface KeyBinding {
  readonly keys: string
  /** For the list of shortcuts. */
  readonly does: string
  run(): void
  /** Holding the key repeats it. */
  readonly repeats?: boolean
  /** Bound, but left out of the list. */
  readonly unlisted?: boolean
}

/** How long to wait for the second key of a sequence. */
const SEQUENCE_MS = 1200

/** All active bindings. The latest layer wins, so that a dialog takes precedence over the page beneath it. */
export class KeyBook {
  readonly #layers = new Set<readonly KeyBinding[]>()
  readonly #now: () => number
  #begun: { readonly key: string; readonly at: number } | undefined

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** Returns the function that removes them. */
  add(bindings: readonly KeyBinding[]): () => void {
    this.#layers.add(bindings)
    return () => this.#layers.delete(bindings)
  }

  /** The bindings to list, the page's own first. */
  listed(): readonly KeyBinding[] {
    return [...this.#layers].reverse().flatMap((layer) => layer.filter(({ unlisted }) => unlisted !== true))
  }

  /** True if a binding handled the key. `isHeld`: it is a repetition, which only bindings made for it heed. */
  press(key: string, isHeld = false): boolean {
    if (isHeld) return this.#repeat(this.#find(key))
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

  #repeat(binding: KeyBinding | undefined): boolean {
    if (binding?.repeats === true) binding.run()
    return binding !== undefined
  }

  #find(keys: string): KeyBinding | undefined {
    return this.#all().find((binding) => binding.keys === keys)
  }

  #all(): readonly KeyBinding[] {
    return [...this.#layers].reverse().flat()
  }
}
