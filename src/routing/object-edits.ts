import { foldKey } from '../base/folded-key.ts'
import { type Edit, type Member, membersOf } from '../base/json-span.ts'

/** What happens to a member: kept, dropped, or its value replaced by this JSON text. */
type Fate = 'kept' | 'dropped' | { readonly json: string }

/**
 * Changes to one JSON object, collected by key and returned as edits of its bytes. Commas are handled; white
 * space, order and spelling of everything kept are preserved. A changed key occurs once afterwards, however
 * often it was written.
 */
export class ObjectEdits {
  /** Offset of the opening brace. */
  readonly #open: number
  readonly #members: readonly Member[]
  readonly #fates: Fate[] = []
  /** Index of each key's last occurrence, the one parsers use. */
  readonly #last = new Map<string, number>()
  #added = ''
  #changed = false

  /** For the object that opens at offset `open`; `body` must be JSON. */
  constructor(body: Buffer, open: number) {
    this.#open = open
    this.#members = membersOf(body, open)
    for (const { key } of this.#members) {
      this.#last.set(key, this.#fates.length)
      this.#fates.push('kept')
    }
  }

  last(key: string): Member | undefined {
    const index = this.#last.get(key)
    return index === undefined ? undefined : this.#members[index]
  }

  /** Sets the key to this value: in place if it exists, else at the object's end. Once per key. */
  set(key: string, json: string): void {
    this.drop(key)
    const index = this.#last.get(key)
    if (index === undefined) this.#added += `,${JSON.stringify(key)}:${json}`
    else this.#fates[index] = { json }
  }

  drop(key: string): void {
    this.#changed = true
    const index = this.#last.get(key)
    if (index === undefined) return
    this.#fates[index] = 'dropped'
    if (this.#isRepetitive()) this.#dropEarlier(key, index)
  }

  /** Keeps only the last occurrence of each of these keys; returns those that were repeated. */
  dropRepeats(keys: ReadonlySet<string>): string[] {
    if (!this.#isRepetitive()) return []
    const repeated = new Set<string>()
    this.#members.forEach(({ key }, index) => {
      if (!keys.has(key) || this.#last.get(key) === index) return
      this.#fates[index] = 'dropped'
      repeated.add(key)
      this.#changed = true
    })
    return [...repeated]
  }

  /**
   * Drops members whose key matches one of these except for case: case-insensitive parsers (Go's, for one)
   * read them as the key itself, which we have not. `keys` are in lower case and stay; returns those that
   * were imitated.
   */
  dropLookAlikes(keys: ReadonlySet<string>): string[] {
    const imitated = new Set<string>()
    this.#members.forEach(({ key }, index) => {
      if (keys.has(key)) return
      const folded = foldKey(key)
      if (!keys.has(folded)) return
      this.#fates[index] = 'dropped'
      imitated.add(folded)
      this.#changed = true
    })
    return [...imitated]
  }

  edits(): Edit[] {
    const edits: Edit[] = []
    if (!this.#changed) return edits
    let keptEnd: number | undefined
    let runStart: number | undefined
    let index = 0
    for (const { keyStart, start, end } of this.#members) {
      const fate = this.#fates[index++] ?? 'kept'
      if (fate === 'dropped') {
        runStart ??= keyStart
        continue
      }
      if (runStart !== undefined) edits.push({ start: runStart, end: keyStart, text: '' })
      if (fate !== 'kept') edits.push({ start, end, text: fate.json })
      runStart = undefined
      keptEnd = end
    }
    if (keptEnd === undefined) return [this.#refilled()]
    // Insert and cut after the last member kept, before its comma.
    const end = runStart === undefined ? keptEnd : (this.#members.at(-1)?.end ?? keptEnd)
    if (this.#added !== '' || end !== keptEnd) edits.push({ start: keptEnd, end, text: this.#added })
    return edits
  }

  /** No member is kept: the additions stand alone, without a leading comma. */
  #refilled(): Edit {
    const start = this.#members[0]?.keyStart ?? this.#open + 1
    return { start, end: this.#members.at(-1)?.end ?? start, text: this.#added.slice(1) }
  }

  #isRepetitive(): boolean {
    return this.#last.size < this.#members.length
  }

  #dropEarlier(key: string, before: number): void {
    for (let index = 0; index < before; index += 1) {
      if (this.#members[index]?.key === key) this.#fates[index] = 'dropped'
    }
  }
}
