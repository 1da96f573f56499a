import assert from 'node:assert/strict'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { type TestContext, test } from 'node:test'
import { nanoUsd } from '../../../src/base/money.ts'
import { exportRows } from '../../../src/cli/export.ts'
import { label } from '../../../src/cli/label.ts'
import { openLedger } from '../../../src/ledger/sqlite/ledger.ts'
import { refusedRow } from '../../support/ledger-rows.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'
import { capture } from './capture.ts'

/** A ledger of three rows that a server is using. */
async function served(t: TestContext) {
  const directory = temporaryDirectory()
  const store = join(directory.path, 'ledger.db')
  const ledger = openLedger(store)
  t.after(async () => {
    await ledger.close()
    directory.dispose()
  })
  const kept = { v: 1, first: 'gpt-4o', needs: { for: [], bytes: 9, messages: 1 } }
  const words = (text: string) => JSON.stringify({ ...kept, turns: [text], alone: true, more: false })
  const rows = [
    refusedRow(Date.now(), { confidence: 0.5, cost: nanoUsd(2_000), prompt: words('the\nharbour') }),
    refusedRow(Date.now(), { confidence: 0.6, cost: nanoUsd(1_000), prompt: 'no JSON at all' }),
    refusedRow(Date.now(), { confidence: 0.9, cost: nanoUsd(1_000) }),
  ]
  for (const row of rows) await ledger.record(row)
  const run = async (args: readonly string[], input = '') => {
    const io = capture()
    const stdin = new PassThrough()
    stdin.end(input)
    const code = await label.run([...args, '--store', store], { ...io, stdin })
    return { code, out: io.out(), err: io.err() }
  }
  return { store, run, ids: rows.map(({ id }) => id) }
}

test('a label can be set, exported and undone, and every change is on record', async (t) => {
  const { store, run, ids } = await served(t)
  const [id = ''] = ids
  const given = await run([id, 'factual_recall', '--by', 'Ann'])
  assert.deepEqual([given.code, given.out], [0, `${id}: factual_recall (before: no label)\n`])
  const exported = capture()
  await exportRows.run(['--store', store], exported)
  const line = JSON.parse(exported.out().split('\n')[0] ?? '')
  assert.deepEqual([line.label, line.labelled_by], ['factual_recall', 'Ann'])
  assert.match((await run([id, '--undo'])).out, /: no label \(before: factual_recall\)/)
  const log = await run([id, '--log', '--json'])
  assert.deepEqual(
    log.out
      .trim()
      .split('\n')
      .map((entry) => JSON.parse(entry).label),
    ['factual_recall', null],
  )
  assert.match((await run([id, '--log'])).out, /Ann/)
})

test('--jsonl labels many requests; unknown IDs are reported and the others are labelled', async (t) => {
  const { run, ids } = await served(t)
  const lines = [...ids, 'req_unknown'].map((id) => JSON.stringify({ id, label: 'stem_reasoning', more: 1 }))
  const { code, out, err } = await run(['--jsonl'], `${lines.join('\n')}\n`)
  assert.deepEqual([code, out], [1, '3 of 4 labelled\n'])
  assert.equal(err, 'trivium label: no row has the id req_unknown\n')
  assert.match((await run(['--next', '5'])).out, /nothing to label/)
})

test('--next lists requests with their stored words, the least certain and most costly first', async (t) => {
  const { run, ids } = await served(t)
  const page = await run(['--next', '2'])
  assert.match(page.out, new RegExp(`${ids[0]}.*the harbour\n${ids[1]}.*–\n$`))
  const { out } = await run(['--next', '3', '--json', '--team', 'research'])
  assert.deepEqual(
    out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).id),
    ids,
  )
})

test('every error is reported before anything is written', async (t) => {
  const { run, ids } = await served(t)
  const [id = ''] = ids
  const good = JSON.stringify({ id, label: 'stem_reasoning' })
  const wrong: readonly (readonly [string[], RegExp, string?])[] = [
    [[], /expected the ID of a request/],
    [[id], /expected a class after/],
    [[id, 'stem'], /unknown class "stem".*expected stem_reasoning, factual_recall, language_heavy, none/],
    [[id, 'none', 'more'], /expected nothing after none/],
    [[id, 'none', '--undo'], /expected nothing after/],
    [[id, 'none', '--by', ''], /--by: expected one line/],
    [['--next', '0'], /--next 0: expected a number/],
    [['--jsonl'], /standard input:2: is not JSON/, `${good}\n{`],
    [['--jsonl'], /standard input:2: needs "id" and "label"/, `${good}\n{"id":"x"}`],
    [['--jsonl'], /standard input:2: unknown class "facts"/, `${good}\n{"id":"x","label":"facts"}`],
  ]
  for (const [args, message, input] of wrong)
    await assert.rejects(run(args, input), { name: 'UsageError', message })
  assert.equal((await run([id, '--undo'])).err, `trivium label: ${id} was never labelled\n`)
  assert.equal((await run(['req_unknown', 'none'])).code, 1)
})
