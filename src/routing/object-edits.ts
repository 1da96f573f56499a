import type { Edit, Member } from '../base/json-span.ts'

/**
 * Changes to one JSON object, gathered by key and then told as edits of its bytes. Commas are looked after; white
 * space, order and spelling of all that stays are kept. A changed key has one occurrence afterwards, however often it
 * was written. The object must keep at least one member.
 */
export class ObjectEdits {
  readonly #members: readonly Member[]
  readonly #values = new Map<Member, string>()
  readonly #dropped = new Set<Member>()
  readonly #added = new Map<string, string>()

  constructor(members: readonly Member[]) {
    this.#members = members
  }

  /** The occurrence that counts: the last one, as parsers read it. */
  last(key: string): Member | undefined {
    return this.#members.findLast((member) => member.key === key)
  }

  /** Gives the key this value, in its place if it is there, else at the object's end. */
  set(key: string, json: string): void {
    const last = this.last(key)
    if (last === undefined) {
      this.#added.set(key, json)
      return
    }
    this.drop(key)
    this.#dropped.delete(last)
    this.#values.set(last, json)
  }

  drop(key: string): void {
    this.#added.delete(key)
    for (const member of this.#members) {
      if (member.key !== key) continue
      this.#values.delete(member)
      this.#dropped.add(member)
    }
  }

  /** Leaves of these keys only the occurrence that counts; answers which were written more than once. */
  dropRepeats(keys: ReadonlySet<string>): string[] {
    const repeated = new Set<string>()
    const seen = new Set<string>()
    for (const member of this.#members.toReversed()) {
      if (!keys.has(member.key)) continue
      if (seen.has(member.key)) {
        this.#dropped.add(member)
        repeated.add(member.key)
      }
      seen.add(member.key)
    }
    return [...repeated]
  }

  edits(): Edit[] {
    const edits: Edit[] = []
    for (const [{ start, end }, text] of this.#values) edits.push({ start, end, text })
    if (this.#dropped.size > 0) this.#cut(edits)
    const behind = this.#members.findLast((member) => !this.#dropped.has(member))?.end
    if (behind === undefined) throw new RangeError('an edited object must keep a member')
    for (const [key, json] of this.#added)
      edits.push({ start: behind, end: behind, text: `,${JSON.stringify(key)}:${json}` })
    return edits
  }

  /** A run of dropped members goes with the comma behind it, or at the object's end with the one before it. */
  #cut(edits: Edit[]): void {
    let keptEnd: number | undefined
    let runStart: number | undefined
    for (const member of this.#members) {
      if (this.#dropped.has(member)) {
        runStart ??= member.keyStart
        continue
      }
      if (runStart !== undefined) edits.push({ start: runStart, end: member.keyStart, text: '' })
      runStart = undefined
      keptEnd = member.end
    }
    const end = this.#members.at(-1)?.end
    if (runStart !== undefined && keptEnd !== undefined && end !== undefined) {
      edits.push({ start: keptEnd, end, text: '' })
    }
  }
}
