import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { randomFrom } from '../../../src/simulator/random.ts'

const SHIPPED = join(import.meta.dirname, '..', '..', '..', 'config', 'rules.yaml')
const LETTERS = 'abcdefghijklmnoprstuvwy'

/**
 * Writes `count` rules: the first shipped ones and, if those do not suffice, invented ones. Returns the
 * file's path.
 */
export function writeRules(folder: string, count: number): string {
  const file = join(folder, 'rules.yaml')
  const shipped = parse(readFileSync(SHIPPED, 'utf8')) as { readonly rules: readonly object[] }
  const random = randomFrom(1)
  const rules = shipped.rules.slice(0, count)
  while (rules.length < count) rules.push(ruleOf(rules.length, () => word(random)))
  writeFileSync(file, stringify({ ...shipped, rules }))
  return file
}

/** A realistic rule: a few phrasings of two words each. */
function ruleOf(place: number, next: () => string): object {
  const [first, second, third, fourth] = [next(), next(), next(), next()]
  return {
    id: `made-up-${place}`,
    class: 'language_heavy',
    weight: 0.1,
    languages: ['en'],
    reason: 'Made up.',
    patterns: [`\\b(${first}|${second}) (${third}|the ${fourth})\\b`],
    example: `${first} ${third}`,
    counter_example: 'nothing of it',
  }
}

function word(random: () => number): string {
  const length = 4 + Math.floor(random() * 5)
  return Array.from({ length }, () => LETTERS.charAt(Math.floor(random() * LETTERS.length))).join('')
}
