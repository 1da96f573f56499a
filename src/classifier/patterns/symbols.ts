const UNITS = 65_536

/** The alphabet of an automaton as plain data. */
export interface SymbolTable {
  /** How many symbols there are: letters, then groups. */
  readonly size: number
  /** The code point of each symbol that is a letter of its own. */
  readonly points: Uint32Array
  /** Where a run of code points of one group begins, ascending, and that group's symbol. */
  readonly runs: Uint32Array
  readonly runGroups: Uint16Array
  /** The group of each letter; a group's own symbol for a group. */
  readonly groupOf: Uint16Array
}

/**
 * Reads texts by the alphabet of an automaton: a code point that small sets name is a letter with a symbol of its own;
 * all others share the symbol of their group. Every letter has its group.
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

  /** Spells a text in symbols, one for each code point, and answers how many. Lone surrogates count as one. */
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

/** The group that a code point is in. */
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
