/** The store gave no answer in time, or cannot be reached. Whoever asked may decide without it. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'
}
