import type { LooseObject } from '../../base/loose-json.ts'

/** Why a body on which rules hang cannot be told for sure: an upstream might read another one than was read here. */
export interface Doubt {
  readonly detail: string
  readonly param: string | null
}

/** Fields that say how many answers are paid for. */
const COUNTS = ['n', 'best_of'] as const

/** What of a JSON body's fields was read as absent, though an upstream may make something of it. */
export function doubtOfFields(
  body: LooseObject,
  countOf: (value: unknown) => number | undefined,
): Doubt | undefined {
  const { model } = body
  if (model !== undefined && model !== null && typeof model !== 'string') {
    return { detail: "'model' must be the name of a model", param: 'model' }
  }
  for (const field of COUNTS) {
    const value = body[field]
    if (value === undefined || value === null || countOf(value) !== undefined) continue
    return { detail: `'${field}' must be a whole number`, param: field }
  }
  return undefined
}
