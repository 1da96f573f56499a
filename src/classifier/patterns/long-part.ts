import { RE2JS } from 're2js'
import { ALT, ALT_MATCH, MATCH, NOP, type Program } from './pattern.ts'

/** A part that may match more letters than the automaton follows; the plain engine handles such matches. */
export class LongPart {
  readonly index: number
  private readonly part: string
  private engine: RE2JS | undefined

  constructor(index: number, part: string) {
    this.index = index
    this.part = part
  }

  found(text: string): boolean {
    this.engine ??= RE2JS.compile(this.part)
    return this.engine.test(text)
  }
}

const UNKNOWN = -1

/** The parts of a program with a match longer than `reach` letters, or with an unbounded repeat. */
export function longPartsOf({ steps }: Program, reach: number): readonly number[] {
  /** Letters that may follow each step; infinite if the path loops back to a step still open. */
  const lengths = new Float64Array(steps.length).fill(UNKNOWN)

  function lengthFrom(at: number): number {
    const known = lengths[at] ?? 0
    if (known !== UNKNOWN) return known
    const step = steps[at]
    if (step === undefined || step.op === MATCH) return 0
    lengths[at] = Number.POSITIVE_INFINITY
    const forks = step.op === ALT || step.op === ALT_MATCH
    const after = Math.max(lengthFrom(step.out), forks ? lengthFrom(step.arg) : 0)
    const length = after + (step.op > NOP ? 1 : 0)
    lengths[at] = length
    return length
  }

  const long = new Set<number>()
  let open: number[] = []
  for (const [at, step] of steps.entries()) {
    open.push(at)
    if (step.op !== MATCH) continue
    if (open.some((one) => lengthFrom(one) > reach)) long.add(step.arg)
    open = []
  }
  return [...long]
}
