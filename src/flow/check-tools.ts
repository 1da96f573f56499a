import { fail } from '../base/failure.ts'
import type { Admitted } from './admit.ts'
import type { Parsed } from './parse.ts'

/**
 * A team's list of models also binds the models its tools call. Throws `model_not_found` for a tool's model
 * not on the list, and whatever `modelsOfTools` throws. Teams without a list may name any model.
 */
export function checkTools({ key }: Admitted, { request }: Parsed): void {
  const { models } = key.team
  if (models === undefined) return
  for (const { model, param } of request.toolModels()) {
    if (!models.has(model)) fail({ code: 'model_not_found', model, param })
  }
}
