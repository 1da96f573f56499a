import type { LedgerViews } from '../../views.ts'
import type { FileViews } from './file-views.ts'

/** What the thread that reads a ledger's file can be asked. */
export type QuestionName = Exclude<keyof LedgerViews, 'close'>

type Arguments<Name extends QuestionName> = Parameters<LedgerViews[Name]>
type Answer<Name extends QuestionName> = Awaited<ReturnType<LedgerViews[Name]>>

/** A question as sent to the thread. */
export interface Question {
  readonly number: number
  readonly name: QuestionName
  readonly args: readonly unknown[]
}

/** A reply from the thread: an answer, or why there is none. */
export type Reply =
  | { readonly number: number; readonly answer: unknown }
  | { readonly number: number; readonly failed: Failed }

/** Error classes do not survive the way between threads. `problem`: that of a `StoreError`. */
export type Failed = 'bad_cursor' | { readonly problem: string }

/** How each question is answered. */
export const ANSWERS: {
  readonly [Name in QuestionName]: (views: FileViews, ...args: Arguments<Name>) => Answer<Name>
} = {
  list: ({ lists }, filter, limit, cursor) => lists.list(filter, limit, cursor),
  row: (views, id) => views.row(id),
  count: (views, window) => views.count(window),
  cacheSample: (views, filter) => views.cacheSample(filter),
  review: ({ queue }, filter, limit, cursor) => queue.review(filter, limit, cursor),
  labelled: (views, filter) => views.labelled(filter),
  label: ({ pen }, labelling) => pen.label(labelling),
  labels: ({ pen }, id) => pen.entries(id),
  keyUses: (views, team) => views.keyUses(team),
  spend: (views, by, filter) => views.spend(by, filter),
  export: ({ lists }, filter, format, cursor) => lists.export(filter, format, cursor),
  ended: (views, since) => views.ended(since),
}
