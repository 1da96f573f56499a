import type { Failure, FailureCode } from '../base/failure.ts'

/** One entry per failure: a code without one does not compile. */
export type FailureTable<Entry> = {
  readonly [C in FailureCode]: (failure: Extract<Failure, { code: C }>) => Entry
}

/** What a table says of one failure. */
export function entryFor<Entry>(table: FailureTable<Entry>, failure: Failure): Entry {
  // The table's type ties each code to its failure; TypeScript cannot follow that through an index by a
  // union.
  const entry = table[failure.code] as (failure: Failure) => Entry
  return entry(failure)
}
