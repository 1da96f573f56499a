import assert from 'node:assert/strict'
import { test } from 'node:test'
import { requestId } from '../../src/base/ids.ts'
import type { LabelBook } from '../../src/ledger/label-book.ts'
import type { LedgerReader, RowFilter } from '../../src/ledger/reader.ts'
import type { Row } from '../../src/ledger/row.ts'
import { assertStoreErrors } from '../support/failing-stores.ts'
import { refusedRow } from '../support/ledger-rows.ts'

/** Labels of a ledger that a server is writing to at the same time. */
export interface LabelsUnderTest {
  readonly labels: LabelBook
  /** Writes a row and resolves once a reader sees it. */
  record(row: Row): Promise<void>
  openReader(): Promise<LedgerReader>
  /** Another book on the same store. */
  openAnother(): Promise<LabelBook>
  dispose(): Promise<void>
}

const NOW = Date.UTC(2026, 10, 22, 9)

/** The contract of every label book, whatever it is stored in. */
export function labelBookContract(name: string, create: () => Promise<LabelsUnderTest>): void {
  function claim(title: string, run: (given: LabelsUnderTest) => Promise<void>): void {
    test(`${name}: ${title}`, async () => {
      const given = await create()
      try {
        await run(given)
      } finally {
        await given.dispose()
      }
    })
  }

  async function labelIn(given: LabelsUnderTest, id: string) {
    const reader = await given.openReader()
    const row = await reader.row(id)
    await reader.close()
    return [row?.label, row?.labelled_by]
  }

  claim('a row has its label and who gave it, and the audit has the one before', async (given) => {
    const row = refusedRow(NOW)
    await given.record(row)
    const { id } = row
    assert.deepEqual(await labelIn(given, id), [null, null])
    const first = { at: NOW + 1, id, label: 'factual_recall', who: 'Zoë ☂' } as const
    assert.deepEqual(await given.labels.label(first), { ...first, before: null })
    assert.deepEqual(await labelIn(given, id), ['factual_recall', 'Zoë ☂'])
    const second = { at: NOW + 2, id, label: 'stem_reasoning', who: 'max' } as const
    await given.labels.label(second)
    const third = { at: NOW + 3, id, label: 'none', who: 'max' } as const
    await given.labels.label(third)
    assert.deepEqual(await labelIn(given, id), [null, null])
    assert.deepEqual(await given.labels.entries(id), [
      { ...first, before: null },
      { ...second, before: 'factual_recall' },
      { ...third, label: null, before: 'stem_reasoning' },
    ])
  })

  claim('undo restores the previous label, and a second undo restores the undone one', async (given) => {
    const row = refusedRow(NOW)
    await given.record(row)
    const { id } = row
    const say = (label: 'language_heavy' | 'factual_recall' | 'undo') =>
      given.labels.label({ id, label, who: 'me', at: NOW })
    assert.equal(await say('undo'), 'nothing_to_undo')
    await say('language_heavy')
    await say('factual_recall')
    await say('undo')
    assert.deepEqual(await labelIn(given, id), ['language_heavy', 'me'])
    await say('undo')
    assert.deepEqual(await labelIn(given, id), ['factual_recall', 'me'])
  })

  claim('an unknown id is reported and changes nothing', async (given) => {
    await given.record(refusedRow(NOW))
    for (const id of [requestId(NOW), 'req_', '', "' OR 1 = 1"]) {
      assert.equal(await given.labels.label({ id, label: 'none', who: 'me', at: NOW }), 'no_row')
      assert.deepEqual(await given.labels.entries(id), [])
    }
  })

  claim('labelling and a running server’s writes do not interfere', async (given) => {
    const rows = Array.from({ length: 60 }, (_, count) => refusedRow(NOW + count))
    for (const row of rows.slice(0, 30)) await given.record(row)
    await Promise.all([
      ...rows.slice(30).map((row) => given.record(row)),
      ...rows
        .slice(0, 30)
        .map(({ id }) => given.labels.label({ id, label: 'stem_reasoning', who: 'me', at: NOW })),
    ])
    const reader = await given.openReader()
    const lines = await Array.fromAsync(reader.rows({}))
    await reader.close()
    assert.equal(lines.length, 60)
    assert.equal(lines.filter(({ label }) => label === 'stem_reasoning').length, 30)
  })

  claim('labelled rows that were classified can be read alone, oldest first', async (given) => {
    const rows = Array.from({ length: 43 }, (_, count) =>
      refusedRow(
        NOW + count,
        count === 5 ? { rulesVersion: null } : { team: count % 2 === 0 ? 'even' : 'odd' },
      ),
    )
    for (const each of rows) await given.record(each)
    const label = ({ id }: Row) => given.labels.label({ id, label: 'stem_reasoning', who: 'me', at: NOW })
    for (const each of [rows[42], rows[5], rows[40], rows[7]]) if (each !== undefined) await label(each)
    const reader = await given.openReader()
    const found = async (filter: RowFilter) =>
      (await Array.fromAsync(reader.labelled(filter))).map(({ id }) => id)
    assert.deepEqual(await found({}), [rows[7]?.id, rows[40]?.id, rows[42]?.id])
    assert.deepEqual(await found({ team: 'even', since: NOW + 41 }), [rows[42]?.id])
    await reader.close()
  })

  claim('books and readers reject with a StoreError once they are closed', async (given) => {
    const labels = await given.openAnother()
    await labels.close()
    const reader = await given.openReader()
    await reader.close()
    await assertStoreErrors(
      () => labels.label({ id: requestId(NOW), label: 'none', who: 'me', at: NOW }),
      () => labels.entries('req_'),
      async () => reader.row('req_'),
      () => Array.fromAsync(reader.rows({})),
      () => Array.fromAsync(reader.decisions({})),
      () => Array.fromAsync(reader.labelled({})),
      async () => reader.spend('team', {}),
      async () => reader.keptSince(),
      async () => reader.examine(),
    )
  })
}
