import { setImmediate } from 'node:timers/promises'
import type { Distribution, Family, Labels, Plain } from './family.ts'

/** Prometheus' text format, version 0.0.4. */
export const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/** Takes well below a millisecond. */
const LINES_A_TURN = 250

/** Renders families as text. Yields to requests regularly, however many teams there are. */
export async function writeFamilies(families: Iterable<Family>): Promise<string> {
  let text = ''
  for (const family of families) {
    text += await writeFamily(family)
    await setImmediate()
  }
  return text
}

async function writeFamily(family: Family): Promise<string> {
  const { name, help, type } = family
  const lines = [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`]
  if (family.type === 'histogram') writeDistribution(family, lines)
  else await writePlain(family, lines)
  return `${lines.join('\n')}\n`
}

async function writePlain(family: Plain, lines: string[]): Promise<void> {
  for (const [labels, value] of await family.samples()) {
    lines.push(`${family.name}${written(family, labels)} ${numeral(value)}`)
    if (lines.length % LINES_A_TURN === 0) await setImmediate()
  }
}

function writeDistribution(family: Distribution, lines: string[]): void {
  const bounded = { ...family, labels: [...family.labels, 'le'] }
  for (const [labels, { bounds, counts, sum }] of family.samples()) {
    let count = 0
    for (const [index, each] of counts.entries()) {
      count += each
      const bound = bounds[index]
      const le = bound === undefined ? '+Inf' : numeral(bound * family.unit)
      lines.push(`${family.name}_bucket${written(bounded, { ...labels, le })} ${count}`)
    }
    lines.push(`${family.name}_sum${written(family, labels)} ${numeral(sum * family.unit)}`)
    lines.push(`${family.name}_count${written(family, labels)} ${count}`)
  }
}

function written({ labels: names }: Pick<Family, 'labels'>, labels: Labels): string {
  if (names.length === 0) return ''
  return `{${names.map((name) => `${name}="${escaped(String(labels[name]))}"`).join(',')}}`
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' }

function escaped(value: string): string {
  return value.replace(/[\\"\n]/g, (sign) => ESCAPES[sign] ?? sign)
}

/** Rounds off binary floating-point noise: 0.1 ms is 0.0001 s. */
function numeral(value: number): string {
  return String(Number(value.toPrecision(12)))
}
