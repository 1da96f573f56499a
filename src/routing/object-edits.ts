import { foldKey } from '../base/folded-key.ts'
import { type Edit, type Member, membersOf } from '../base/json-span.ts'

/** What becomes of a member: it stays, it goes, or its value gives way to this JSON text. */
type Fate = 'kept' | 'dropped' | { readonly json: string }

/**
 * Changes to one JSON object, gathered by key and then told as edits of its bytes. Commas are looked after; white
 * space, order and spelling of all that stays are kept. A changed key has one occurrence afterwards, however often it
 * was written.
 */
export class ObjectEdits {
  /** Where the object's brace opens. */
  readonly #open: number
  readonly #members: readonly Member[]
  readonly #fates: Fate[] = []
  /** Where each key stands last: the occurrence that counts, as parsers read it. */
  readonly #last = new Map<string, number>()
  #added = ''
  #changed = false

  /** Of the object that opens at `open`; `body` is JSON. */
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

  /** Gives the key this value, in its place if it is there, else at the object's end. Once per key. */
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

  /** Leaves of these keys only the occurrence that counts; answers which were written more than once. */
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
   * Drops members whose key is one of these but for upper and lower case: parsers that do not tell those apart (Go's,
   * for one) read them as the key itself, though nobody here has. `keys` are in lower case and stay; answers which of
   * them were imitated.
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
    // What is added, and what is cut at the end, starts behind the last member that stays, before its comma.
    const end = runStart === undefined ? keptEnd : (this.#members.at(-1)?.end ?? keptEnd)
    if (this.#added !== '' || end !== keptEnd) edits.push({ start: keptEnd, end, text: this.#added })
    return edits
  }

  /** Nothing of what was in it stays: what is added stands alone, without a comma before it. */
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
