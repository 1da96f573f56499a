const UNITS = 65_536

/** An automaton's alphabet as plain data. */
export interface SymbolTable {
  /** Number of symbols: letters first, then groups. */
  readonly size: number
  /** The code point of each letter symbol. */
  readonly points: Uint32Array
  /** Start of each run of code points in one group, ascending, and that group's symbol. */
  readonly runs: Uint32Array
  readonly runGroups: Uint16Array
  /** The group of each letter; for a group, its own symbol. */
  readonly groupOf: Uint16Array
}

/**
 * Translates texts into an automaton's alphabet. A code point named by small sets is a letter with its own
 * symbol; all others share their group's symbol. Every letter also belongs to a group.
 */
export class Symbols {
  readonly size: number
  readonly groupOf: Uint16Array
  private readonly units = new Uint16Array(UNITS)
  private readonly letters: ReadonlyMap<number, number>
  private readonly table: SymbolTable

  constructor(table: SymbolTable) {
    const { size, points, runs, runGroups, groupOf } = table
    this.table = table
    this.size = size
    this.groupOf = groupOf
    this.letters = new Map(Array.from(points, (point, symbol) => [point, symbol]))
    for (const [index, start] of runs.entries()) {
      if (start < UNITS) this.units.fill(runGroups[index] ?? 0, start, runs[index + 1] ?? UNITS)
    }
    for (const [symbol, point] of points.entries()) if (point < UNITS) this.units[point] = symbol
  }

  /** Writes a text's symbols, one per code point, and returns their count. Lone surrogates count as one. */
  spell(text: string, into: Uint16Array): number {
    const { units } = this
    let length = 0
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index)
      if ((unit & 0xfc00) === 0xd800 && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00) {
        into[length++] = this.symbolOf(text.codePointAt(index) ?? unit)
        index += 1
      } else {
        into[length++] = units[unit] ?? 0
      }
    }
    return length
  }

  /** The symbol of a code point. */
  symbolOf(point: number): number {
    if (point < UNITS) return this.units[point] ?? 0
    return this.letters.get(point) ?? groupAt(this.table, point)
  }
}

/** The group a code point belongs to. */
export function groupAt({ runs, runGroups }: Pick<SymbolTable, 'runs' | 'runGroups'>, point: number): number {
  let low = 0
  let high = runs.length
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if ((runs[middle] ?? 0) <= point) low = middle
    else high = middle
  }
  return runGroups[low] ?? 0
}
