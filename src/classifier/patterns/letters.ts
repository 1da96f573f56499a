import { groupAt, type SymbolTable } from './symbols.ts'

/** Sets of up to this many code points are represented letter by letter, larger ones by groups. */
const FEW = 16

/** Pairs of first and last code point. */
type Ranges = readonly number[]

/** A set of code points in an automaton's alphabet. */
export interface LetterSet {
  readonly symbols: readonly number[]
  /** The symbols are groups: all letters of those groups belong to the set as well. */
  readonly wide: boolean
}

const NO_LETTERS: LetterSet = { symbols: [], wide: false }

/** An alphabet, and the representation of each set of code points in it. */
export interface Letters {
  readonly table: SymbolTable
  setOf(ranges: Ranges): LetterSet
}

/**
 * The smallest alphabet that distinguishes these sets. A code point named by a small set is a letter with its
 * own symbol; all others are grouped by the large sets that contain them. Equal sets must be the same array.
 */
export function lettersOf(sets: ReadonlySet<Ranges>): Letters {
  const letters = new Map<number, number>()
  const known = new Map<Ranges, LetterSet>()
  const wide = [...sets].filter((ranges) => sizeOf(ranges) > FEW)
  const few = [...sets].filter((ranges) => sizeOf(ranges) <= FEW)
  // In order, so that neighbours in the alphabet are neighbours in every table indexed by symbol.
  for (const point of few.flatMap(pointsOf).sort((a, b) => a - b)) {
    if (!letters.has(point)) letters.set(point, letters.size)
  }
  for (const ranges of few) {
    known.set(ranges, { symbols: pointsOf(ranges).map((point) => letters.get(point) ?? 0), wide: false })
  }
  const { runs, runGroups, groups } = groupsOf(wide, letters.size)
  for (const [index, ranges] of wide.entries()) {
    const symbols = groups.flatMap((members, group) => (members.has(index) ? [letters.size + group] : []))
    known.set(ranges, { symbols, wide: true })
  }
  const size = letters.size + groups.length
  const groupOf = Uint16Array.from({ length: size }, (_, symbol) => symbol)
  for (const [point, symbol] of letters) groupOf[symbol] = groupAt({ runs, runGroups }, point)
  return {
    table: { size, points: Uint32Array.from(letters.keys()), runs, runGroups, groupOf },
    setOf: (ranges) => known.get(ranges) ?? NO_LETTERS,
  }
}

/** Runs of code points contained in the same large sets. `first` is the first group's symbol. */
function groupsOf(wide: readonly Ranges[], first: number) {
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
  const runs: number[] = []
  const runGroups: number[] = []
  const open = new Set<number>()
  for (const [point, changed] of [...turns].sort(([a], [b]) => a - b)) {
    for (const index of changed) if (!open.delete(index)) open.add(index)
    const name = String([...open].sort((a, b) => a - b))
    const group = groups.get(name) ?? { symbol: first + groups.size, members: new Set(open) }
    groups.set(name, group)
    runs.push(point)
    runGroups.push(group.symbol)
  }
  return {
    runs: Uint32Array.from(runs),
    runGroups: Uint16Array.from(runGroups),
    groups: [...groups.values()].map(({ members }) => members),
  }
}

function sizeOf(ranges: Ranges): number {
  let size = 0
  for (let at = 0; at < ranges.length; at += 2) size += (ranges[at + 1] ?? 0) - (ranges[at] ?? 0) + 1
  return size
}

function pointsOf(ranges: Ranges): readonly number[] {
  const points: number[] = []
  for (let at = 0; at < ranges.length; at += 2) {
    for (let point = ranges[at] ?? 0; point <= (ranges[at + 1] ?? 0); point += 1) points.push(point)
  }
  return points
}
