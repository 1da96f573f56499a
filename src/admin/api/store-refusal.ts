import { Refused } from './refused.ts'

/**
 * What a store answers; a store that fails is a no of its own (503), which tells nothing of where it lies. A change that it was
 * given, and did not answer for, may have been made.
 */
export async function fromStore<Value>(answer: Value | Promise<Value>): Promise<Value> {
  try {
    return await answer
  } catch (error) {
    const message =
      'The store cannot be read or written now; look whether a change was made before you repeat it.'
    throw new Refused(503, 'store_unavailable', message, undefined, { cause: error })
  }
}
