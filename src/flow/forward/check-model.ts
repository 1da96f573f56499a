import { fail } from '../../base/failure.ts'
import type { Admitted } from '../admit.ts'
import type { Trip } from '../trip.ts'
import type { Operation } from './operation.ts'

/** The model a request names, and whether it has no body to name one in. */
interface NamedModel {
  readonly model: string | undefined
  readonly isEmpty: boolean
}

/**
 * Whether this team may use this model. Throws `model_not_found` for a model not on its list, and for a
 * near-match of a priced model's name, since some upstreams ignore case and blanks. Throws `invalid_request`
 * if no model is named and the upstream would apply its default: text under a budget needs a price, and an
 * allow-list cannot cover defaults.
 */
export function checkModel(
  { live: { runtime } }: Trip,
  { key }: Admitted,
  { billing, needsPrice }: Operation,
  { model, isEmpty }: NamedModel,
): void {
  const { models } = key.team
  const isPaid = key.team.budgets.length + key.budgets.length > 0
  if (model === undefined) {
    const isNeeded = needsPrice ? isEmpty || isPaid || models !== undefined : models !== undefined
    if (isNeeded && billing === 'tokens') fail(UNNAMED)
    return
  }
  if (models !== undefined && !models.has(model)) fail({ code: 'model_not_found', model })
  if (!isPaid || billing !== 'tokens' || runtime.targets.has(model)) return
  const plain = plainly(model)
  for (const name of runtime.targets.keys()) {
    if (plainly(name) === plain) fail({ code: 'model_not_found', model })
  }
}

function plainly(model: string): string {
  return model.normalize('NFKC').trim().toLowerCase()
}

const UNNAMED = {
  code: 'invalid_request',
  detail: "'model' is missing; name the model to use",
  param: 'model',
} as const
