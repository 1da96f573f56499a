import { fail } from '../base/failure.ts'
import type { Admitted } from './admit.ts'
import type { Parsed } from './parse.ts'

/**
 * A team's list of models binds what tools call as well. Throws `model_not_found` for a tool's model that the list lacks,
 * and as `modelsOfTools` does; teams without a list name what they like.
 */
export function checkTools({ key }: Admitted, { request }: Parsed): void {
  const { models } = key.team
  if (models === undefined) return
  for (const { model, param } of request.toolModels()) {
    if (!models.has(model)) fail({ code: 'model_not_found', model, param })
  }
}
