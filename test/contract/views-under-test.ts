import { test } from 'node:test'
import { nanoUsd } from '../../src/base/money.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import type { Row } from '../../src/ledger/row.ts'
import type { LedgerViews } from '../../src/ledger/views.ts'
import { closing, openRow } from '../support/ledger-rows.ts'

/** Views of a ledger that a server is writing to at the same time. */
export interface ViewsUnderTest {
  readonly ledger: Ledger
  readonly views: LedgerViews
  /** Resolves once the store itself has at least `rows` ended rows. */
  settled(rows: number): Promise<void>
  /** Other views of the same ledger. */
  openAnother(): Promise<LedgerViews>
  dispose(): Promise<void>
}

export type CreateViews = () => Promise<ViewsUnderTest>

export const HOUR = 3_600_000
export const NOON = Date.UTC(2026, 10, 20, 12)

/** An ended row. Its cost is 1,000 nano-dollars by default, its baseline twice that. */
export function row(at: number, changes: Partial<Row> = {}): Row {
  return { ...openRow(at), ...closing(1_000), held: nanoUsd(1_000), ...changes }
}

export function kept(text: string): string {
  return JSON.stringify({
    v: 1,
    first: 'o1-mini',
    needs: { for: [], bytes: 9, messages: 1 },
    turns: [text],
    alone: true,
  })
}

export async function record(given: ViewsUnderTest, ...rows: readonly Row[]): Promise<void> {
  for (const each of rows) await given.ledger.record(each)
  await given.settled(rows.length)
}

/** Returns a function that turns claims about one store's views into tests. */
export function claiming(name: string, create: CreateViews) {
  return (title: string, run: (given: ViewsUnderTest) => Promise<void>): void => {
    test(`${name}: ${title}`, async () => {
      const given = await create()
      try {
        await run(given)
      } finally {
        await given.dispose()
      }
    })
  }
}
