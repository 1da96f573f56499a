/** Sets of at most so many code points are spelt out letter by letter, larger ones in groups. */
const FEW = 16

const UNITS = 65_536

/** A set of code points as an automaton sees it. */
export interface LetterSet {
  readonly symbols: readonly number[]
  /** The symbols are groups: all letters of those groups (`groupOf`) belong to the set, too. */
  readonly wide: boolean
}

const NO_LETTERS: LetterSet = { symbols: [], wide: false }

/**
 * The alphabet of an automaton. A code point that a small set names is a letter with a symbol of its own; all others
 * are as good as any that the same large sets hold, and share the symbol of their group. Every letter has its group.
 */
export class Symbols {
  readonly size: number
  /** The group of a letter; a group's own symbol for a group. */
  readonly groupOf: Uint16Array
  private readonly units = new Uint16Array(UNITS)
  private readonly letters = new Map<number, number>()
  /** Where a run of code points of one group begins, ascending, and that group's symbol. */
  private readonly runs: number[] = []
  private readonly runGroups: number[] = []
  private readonly sets = new Map<readonly number[], LetterSet>()

  /** `sets` are lists of ranges: first and last code point of each. A set that comes twice is the same array. */
  constructor(sets: ReadonlySet<readonly number[]>) {
    const wide = [...sets].filter((ranges) => sizeOf(ranges) > FEW)
    const few = [...sets].filter((ranges) => sizeOf(ranges) <= FEW)
    // In order, so that what stands side by side in the alphabet does so in every table by symbol.
    for (const point of few.flatMap(pointsOf).sort((a, b) => a - b)) this.letterOf(point)
    for (const ranges of few) {
      this.sets.set(ranges, { symbols: pointsOf(ranges).map((point) => this.letterOf(point)), wide: false })
    }
    const groups = this.group(wide)
    this.size = this.letters.size + groups.length
    for (const [index, ranges] of wide.entries()) {
      const symbols = groups.flatMap((members, group) =>
        members.has(index) ? [this.letters.size + group] : [],
      )
      this.sets.set(ranges, { symbols, wide: true })
    }
    this.groupOf = Uint16Array.from({ length: this.size }, (_, symbol) => symbol)
    for (const [index, start] of this.runs.entries()) {
      if (start < UNITS) this.units.fill(this.runGroups[index] ?? 0, start, this.runs[index + 1] ?? UNITS)
    }
    for (const [point, symbol] of this.letters) {
      this.groupOf[symbol] = this.groupAt(point)
      if (point < UNITS) this.units[point] = symbol
    }
  }

  setOf(ranges: readonly number[]): LetterSet {
    return this.sets.get(ranges) ?? NO_LETTERS
  }

  /** Spells a text in symbols, one for each code point, and answers how many. Lone surrogates count as one. */
  spell(text: string, into: Uint16Array): number {
    const { units } = this
    let length = 0
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index)
      if ((unit & 0xfc00) === 0xd800 && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00) {
        const point = text.codePointAt(index) ?? unit
        into[length++] = this.letters.get(point) ?? this.groupAt(point)
        index += 1
      } else {
        into[length++] = units[unit] ?? 0
      }
    }
    return length
  }

  /** The symbol of the first code point of a text that is not empty. */
  firstOf(text: string): number {
    const point = text.codePointAt(0) ?? 0
    if (point < UNITS) return this.units[point] ?? 0
    return this.letters.get(point) ?? this.groupAt(point)
  }

  private letterOf(point: number): number {
    const known = this.letters.get(point) ?? this.letters.size
    this.letters.set(point, known)
    return known
  }

  private groupAt(point: number): number {
    let low = 0
    let high = this.runs.length
    while (high - low > 1) {
      const middle = (low + high) >>> 1
      if ((this.runs[middle] ?? 0) <= point) low = middle
      else high = middle
    }
    return this.runGroups[low] ?? 0
  }

  /** Fills `runs`; answers which of the large sets each group belongs to. */
  private group(wide: readonly (readonly number[])[]): ReadonlySet<number>[] {
    const turns = new Map<number, number[]>([[0, []]])
    for (const [index, ranges] of wide.entries()) {
      for (const [at, bound] of ranges.entries()) {
        const point = at % 2 === 0 ? bound : bound + 1
        const known = turns.get(point)
        if (known === undefined) turns.set(point, [index])
        else known.push(index)
      }
    }
    const groups = new Map<string, { readonly symbol: number; readonly members: ReadonlySet<number> }>()
    const open = new Set<number>()
    for (const [point, changed] of [...turns].sort(([a], [b]) => a - b)) {
      for (const index of changed) if (!open.delete(index)) open.add(index)
      const name = String([...open].sort((a, b) => a - b))
      const group = groups.get(name) ?? { symbol: this.letters.size + groups.size, members: new Set(open) }
      groups.set(name, group)
      this.runs.push(point)
      this.runGroups.push(group.symbol)
    }
    return [...groups.values()].map(({ members }) => members)
  }
}

function sizeOf(ranges: readonly number[]): number {
  let size = 0
  for (let at = 0; at < ranges.length; at += 2) size += (ranges[at + 1] ?? 0) - (ranges[at] ?? 0) + 1
  return size
}

function pointsOf(ranges: readonly number[]): readonly number[] {
  const points: number[] = []
  for (let at = 0; at < ranges.length; at += 2) {
    for (let point = ranges[at] ?? 0; point <= (ranges[at + 1] ?? 0); point += 1) points.push(point)
  }
  return points
}
