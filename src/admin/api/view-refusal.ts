import { BadCursor, Busy } from '../../ledger/views.ts'
import { Refused } from './refused.ts'
import { fromStore } from './store-refusal.ts'

/** Awaits a look into the ledger. A failed look becomes a refusal that says why. */
export async function fromViews<Value>(answer: Promise<Value>): Promise<Value> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof BadCursor) {
      throw new Refused(400, 'invalid_cursor', 'cursor: not one that this API has returned.')
    }
    if (error instanceof Busy) {
      throw new Refused(503, 'busy', 'Too many queries of the ledger are waiting; try again in a moment.')
    }
    return fromStore(Promise.reject(error))
  }
}
