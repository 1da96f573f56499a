import { ALT, ALT_MATCH, ASSERT, AT_END, FAIL, MATCH, NOP, type Program } from './pattern.ts'

/** The steps a program is in after some letters, without those that follow from another without reading. */
export interface Reached {
  /** Steps that read a letter, ascending. */
  readonly reading: readonly number[]
  /** Parts found here, and those found only if the text ends here. Ascending. */
  readonly found: readonly number[]
  readonly foundAtEnd: readonly number[]
}

/** Follows a program through steps that read nothing. */
export class Walker {
  private readonly program: Program
  /** The walk that last visited each step. */
  private readonly seen: Int32Array
  private walks = 0

  constructor(program: Program) {
    this.program = program
    this.seen = new Int32Array(program.steps.length)
  }

  /** Everything reachable from `steps` without reading a letter. */
  reach(steps: readonly number[], atStart: boolean): Reached {
    const reading: number[] = []
    const ending: number[] = []
    const found = this.walk(steps, atStart, false, reading, ending)
    if (ending.length === 0) return { reading: ascending(reading), found, foundAtEnd: [] }
    const foundAtEnd = this.walk(ending, atStart, true, [], [])
    return {
      reading: ascending(reading),
      found,
      foundAtEnd: foundAtEnd.filter((part) => !found.includes(part)),
    }
  }

  private walk(
    steps: readonly number[],
    atStart: boolean,
    atEnd: boolean,
    reading: number[],
    ending: number[],
  ): readonly number[] {
    this.walks += 1
    const found: number[] = []
    const left = [...steps]
    for (let at = left.pop(); at !== undefined; at = left.pop()) {
      if (this.seen[at] === this.walks) continue
      this.seen[at] = this.walks
      const step = this.program.steps[at]
      if (step === undefined || step.op === FAIL) continue
      if (step.op > NOP) reading.push(at)
      else if (step.op === MATCH) found.push(step.arg)
      else if (step.op === ASSERT && step.arg === AT_END && !atEnd) ending.push(at)
      else if (step.op === ALT || step.op === ALT_MATCH) left.push(step.arg, step.out)
      else if (step.op !== ASSERT || step.arg === AT_END || atStart) left.push(step.out)
    }
    return ascending(found)
  }
}

function ascending(numbers: number[]): readonly number[] {
  for (let at = 1; at < numbers.length; at += 1) {
    if ((numbers[at] ?? 0) < (numbers[at - 1] ?? 0)) return numbers.sort((a, b) => a - b)
  }
  return numbers
}
