import type { z } from 'zod'
import { suggest } from './nearest.ts'

const NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of keys',
  record: 'a map of keys',
}

function found(input: unknown): string {
  if (input === null) return 'nothing'
  if (Number.isNaN(input)) return '.nan'
  if (input === Number.POSITIVE_INFINITY || input === Number.NEGATIVE_INFINITY) return '.inf'
  if (Array.isArray(input)) return 'a list'
  if (typeof input === 'object') return 'a map of keys'
  return NAMES[typeof input] ?? typeof input
}

/**
 * Zod's findings in terms of the YAML that people write. States what was expected, never what the value was.
 */
export const wording: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type': {
      const expected = NAMES[issue.expected] ?? issue.expected
      return issue.input === undefined
        ? `missing; expected ${expected}`
        : `expected ${expected}, found ${found(issue.input)}`
    }
    case 'invalid_value': {
      const values = issue.values.map(String)
      const meant = typeof issue.input === 'string' ? suggest(issue.input, values) : ''
      if (issue.input === undefined) return `missing; expected ${listed(values)}`
      return `expected ${listed(values)}${meant}`
    }
    case 'too_small':
      return bound(issue.origin, issue.inclusive === false ? 'more than' : 'at least', issue.minimum)
    case 'too_big':
      return bound(issue.origin, issue.inclusive === false ? 'less than' : 'at most', issue.maximum)
    case 'invalid_union':
      return 'not in any form this key accepts'
    case 'invalid_key':
      return `not a name: ${issue.issues[0]?.message ?? ''}`
    default:
      return undefined
  }
}

function listed(values: readonly string[]): string {
  return values.length === 1 ? `${values[0]}` : `one of ${values.join(', ')}`
}

function bound(origin: string, how: string, limit: number | bigint): string {
  if (origin === 'array') return `expected ${how} ${limit} ${limit === 1 ? 'entry' : 'entries'}`
  if (origin === 'string') return limit === 1 ? 'must not be empty' : `expected ${how} ${limit} characters`
  return `must be ${how} ${limit}`
}
