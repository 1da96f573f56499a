import { Refused } from './refused.ts'

/** What a store answers; a store that fails is a no of its own (503), which tells nothing of where it lies. */
export async function fromStore<Value>(answer: Value | Promise<Value>): Promise<Value> {
  try {
    return await answer
  } catch (error) {
    const message = 'The store cannot be read or written; nothing was changed.'
    throw new Refused(503, 'store_unavailable', message, undefined, { cause: error })
  }
}
