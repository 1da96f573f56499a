import { MODES, type Mode } from './mode.ts'
import { type Outcome, STEPS, type Step } from './step.ts'

/** What one family did in each mode. */
export interface Record {
  /** Packages with their versions. */
  readonly client: string
  readonly outcomes: ReadonlyMap<Mode, readonly Outcome[]>
}

/** A step that failed, or that saw something else through the proxy than directly. */
export interface Finding {
  readonly mode: Mode
  readonly step: Step
  readonly why: string
}

/** All findings of a family's run. Shapes are compared with the direct run's. */
export function findingsOf({ outcomes }: Record): readonly Finding[] {
  const direct = outcomes.get('direct') ?? []
  return [...outcomes].flatMap(([mode, done]) =>
    done.flatMap(({ step, failure, saw }): Finding[] => {
      if (failure !== null) return [{ mode, step, why: failure }]
      const before = direct.find((other) => other.step === step)
      if (before === undefined || before.failure !== null) return []
      const [one, other] = [JSON.stringify(before.saw), JSON.stringify(saw)]
      return one === other ? [] : [{ mode, step, why: `it saw ${other} where directly it saw ${one}` }]
    }),
  )
}

/** The findings in words, with modes that share one grouped. */
export function complaintsOf(record: Record): readonly string[] {
  const modes = new Map<string, Mode[]>()
  for (const { mode, step, why } of findingsOf(record)) {
    const complaint = `${step}: ${why}`
    modes.set(complaint, [...(modes.get(complaint) ?? []), mode])
  }
  return [...modes].map(([complaint, where]) => `${record.client}, ${complaint} (${where.join(', ')})`)
}

/**
 * One row per family, one column per step, one sign per mode in the order of `MODES`, or one for all if they
 * agree.
 */
export function tableOf(records: readonly Record[]): string {
  const head = ['client', ...STEPS]
  const rows = records.map((record) => {
    const findings = findingsOf(record)
    return [record.client, ...STEPS.map((step) => cellOf(record, step, findings))]
  })
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function cellOf({ outcomes }: Record, step: Step, findings: readonly Finding[]): string {
  const signs = MODES.filter((mode) => outcomes.has(mode)).map((mode) => {
    if (findings.some((finding) => finding.mode === mode && finding.step === step)) return '✖'
    return outcomes.get(mode)?.some((done) => done.step === step) === true ? '✔' : '–'
  })
  return new Set(signs).size === 1 ? (signs[0] ?? '–') : signs.join('')
}
