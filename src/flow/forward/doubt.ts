import type { LooseObject } from '../../base/loose-json.ts'

/** Why a body that rules depend on is ambiguous: an upstream might read something else than was read here. */
export interface Doubt {
  readonly detail: string
  readonly param: string | null
}

/** Fields that set how many answers are billed. */
const COUNTS = ['n', 'best_of'] as const

/** Finds fields of a JSON body that were read as absent although an upstream may interpret them. */
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
