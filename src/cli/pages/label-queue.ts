import type { Cursor, LedgerViews, ReviewFilter, WorthyRow } from '../../ledger/views.ts'

/** Rows requested at a time. */
const PAGE = 200

/**
 * What to label next, up to `most` rows. A file's rows are counted first; `wait` is called once if that takes
 * longer than one look. Rejects with a `StoreError`.
 */
export async function worthiest(
  views: Pick<LedgerViews, 'review'>,
  filter: ReviewFilter,
  most: number,
  wait: () => void,
): Promise<readonly WorthyRow[]> {
  const rows: WorthyRow[] = []
  let cursor: Cursor | undefined
  let isWaiting = false
  while (rows.length < most) {
    const look = await views.review(filter, Math.min(PAGE, most - rows.length), cursor)
    if (look.complete) {
      rows.push(...look.rows)
      if (look.next === undefined) break
      cursor = look.next
    } else if (!isWaiting) {
      isWaiting = true
      wait()
    }
  }
  return rows
}
