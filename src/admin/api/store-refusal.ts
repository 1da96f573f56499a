import { Refused } from './refused.ts'

/**
 * Awaits a store. A failing store becomes a refusal (503) that does not reveal its location. A change whose
 * answer was lost may have been made.
 */
export async function fromStore<Value>(answer: Value | Promise<Value>): Promise<Value> {
  try {
    return await answer
  } catch (error) {
    const message =
      'The store cannot be read or written right now; check whether the change was made before you repeat it.'
    throw new Refused(503, 'store_unavailable', message, undefined, { cause: error })
  }
}
