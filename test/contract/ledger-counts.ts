import assert from 'node:assert/strict'
import { nanoUsd } from '../../src/base/money.ts'
import { isNoRoom } from '../../src/ledger/ledger.ts'
import { OUTCOMES } from '../../src/ledger/row.ts'
import type { Counted, Cursor, LedgerViews } from '../../src/ledger/views.ts'
import { closing, openRow } from '../support/ledger-rows.ts'
import { type CreateViews, claiming, HOUR, kept, NOON, record, row } from './views-under-test.ts'

/** The contract of sums, distributions, the review queue and agreement, whatever the ledger is stored in. */
export function ledgerCountsContract(name: string, create: CreateViews): void {
  const claim = claiming(name, create)

  const DAY_WINDOW = { from: NOON - 23 * HOUR, until: NOON + HOUR, stepMs: HOUR }

  async function untilCounted(views: LedgerViews, window = DAY_WINDOW, team?: string): Promise<Counted> {
    for (;;) {
      const counted = await views.count({ ...window, team })
      if (counted.complete) return counted
    }
  }

  claim('a window’s sums match its rows by step, class, model and comparability', async (given) => {
    await record(
      given,
      row(NOON, { inputTokens: 10, cachedTokens: 4, outputTokens: 20, reasoningTokens: 8 }),
      row(NOON - HOUR, { team: 'sales', usageSource: 'estimated' }),
      row(NOON - HOUR, { baseline: null }),
      row(NOON - 2 * HOUR, { inputTokens: null, baseline: null, usageSource: 'bound' }),
      row(NOON - 2 * HOUR, {
        outcome: 'refused',
        class: null,
        target: null,
        cost: nanoUsd(0),
        baseline: null,
      }),
      row(NOON - 24 * HOUR, { cost: nanoUsd(77) }),
      row(NOON + HOUR, { cost: nanoUsd(77) }),
    )
    const { usage } = await untilCounted(given.views)
    const told = usage.map(({ step, class: name, target, comparison, requests, cost_nusd, baseline_nusd }) =>
      [step, name, target, comparison, requests, cost_nusd, baseline_nusd].join(' '),
    )
    assert.deepEqual(told.sort(), [
      '21 none (none) refused 1 0 0',
      '21 stem_reasoning o1-mini no_usage 1 1000 1000',
      '22 stem_reasoning o1-mini estimated 1 1000 2000',
      '22 stem_reasoning o1-mini no_baseline 1 1000 1000',
      '23 stem_reasoning o1-mini compared 1 1000 2000',
    ])
    const newest = usage.find(({ comparison }) => comparison === 'compared')
    assert.deepEqual(
      [newest?.input_tokens, newest?.cached_tokens, newest?.output_tokens, newest?.reasoning_tokens],
      [10, 4, 20, 8],
    )
    const ofSales = await untilCounted(given.views, DAY_WINDOW, 'sales')
    assert.deepEqual(
      ofSales.usage.map(({ requests, comparison }) => [requests, comparison]),
      [[1, 'estimated']],
    )
  })

  claim('distributions of outcomes, confidence, abstentions and durations match the rows', async (given) => {
    await record(
      given,
      row(NOON, { confidence: 1, msToFirstByte: 0.2, msTotal: 1 }),
      row(NOON, { confidence: 0.9, msToFirstByte: 100, msTotal: 1_000 }),
      row(NOON, {
        confidence: 0.3,
        cause: 'abstained',
        outcome: 'broken',
        msToFirstByte: null,
        msTotal: 1_000,
      }),
      row(NOON, { confidence: 0.5, rulesVersion: null, cause: 'forced' }),
    )
    const window = { ...DAY_WINDOW, stepMs: 24 * HOUR }
    const { shape } = await untilCounted(given.views, window)
    const told = (name: string) =>
      shape
        .filter(({ spread }) => spread === name)
        .map(({ bucket, requests, total }) => [bucket, requests, total])
        .sort(([one = 0], [other = 0]) => one - other)
    assert.deepEqual(told('outcome'), [
      [OUTCOMES.indexOf('ok'), 3, 0],
      [OUTCOMES.indexOf('broken'), 1, 0],
    ])
    assert.deepEqual(told('confidence'), [
      [3, 1, 300_000],
      [9, 2, 1_900_000],
    ])
    assert.deepEqual(told('abstained'), [[0, 1, 0]])
    assert.deepEqual(told('first_byte').slice(0, 2), [
      [0, 1, 0],
      [26, 1, 0],
    ])
    assert.deepEqual(told('whole').slice(0, 2), [
      [0, 1, 0],
      [39, 2, 0],
    ])
  })

  claim('a request in flight is counted once, when it ends, at the time it began', async (given) => {
    const ask = { atMost: nanoUsd(500), atLeast: nanoUsd(500) }
    const hold = await given.ledger.hold(openRow(NOON), [], ask)
    assert.ok(!isNoRoom(hold))
    await record(given, row(NOON + 1))
    assert.equal(
      (await untilCounted(given.views)).usage.reduce((sum, line) => sum + line.requests, 0),
      1,
    )
    await hold.settle(closing(321))
    await given.settled(2)
    for (const _again of [1, 2]) {
      const { usage } = await untilCounted(given.views)
      assert.deepEqual(
        usage.map(({ requests, cost_nusd }) => [requests, cost_nusd]),
        [[2, 1_321]],
      )
    }
  })

  claim('the review queue has the least certain and most costly unlabelled rows first', async (given) => {
    const rows = [
      row(NOON, { confidence: 0.99, cost: nanoUsd(500) }),
      row(NOON - HOUR, { confidence: 0.9, cost: nanoUsd(100_000) }),
      row(NOON + 1, { confidence: 0.4, cost: nanoUsd(10_000), team: 'sales' }),
      row(NOON + 2, { confidence: 0.3, cost: nanoUsd(999_999) }),
      row(NOON + 3, { confidence: 1, cause: 'forced', rulesVersion: null, weightsVersion: null }),
    ]
    await record(given, ...rows)
    const review = async (filter = {}) => {
      const found: number[] = []
      let cursor: Cursor | undefined
      do {
        const look = await given.views.review({ since: NOON - 2 * HOUR, ...filter }, 1, cursor)
        found.push(...look.rows.map(({ id }) => rows.findIndex((each) => each.id === id)))
        cursor = look.next
      } while (cursor !== undefined)
      return found
    }
    await untilCounted(given.views)
    assert.deepEqual(await review(), [3, 1, 2, 0])
    await given.views.label({ id: rows[3]?.id ?? '', label: 'stem_reasoning', who: 'me', at: NOON })
    assert.deepEqual(await review(), [1, 2, 0])
    assert.deepEqual(await review({ team: 'sales' }), [2])
    assert.deepEqual(await review({ since: NOON }), [2, 0])
  })

  claim('each of many rows of one hour comes up for review once, most worthwhile first', async (given) => {
    const rows = Array.from({ length: 60 }, (_, count) =>
      row(NOON + count, { confidence: 0.5, cost: nanoUsd(1_000 * ((count * 37) % 60)), team: 'sales' }),
    )
    await Promise.all([...rows, row(NOON)].map((each) => given.ledger.record(each)))
    await given.settled(rows.length + 1)
    await untilCounted(given.views)
    const found: string[] = []
    let cursor: Cursor | undefined
    do {
      const look = await given.views.review({ since: NOON - HOUR, team: 'sales' }, 7, cursor)
      assert.ok(look.rows.length <= 7)
      found.push(...look.rows.map(({ id }) => id))
      cursor = look.next
    } while (cursor !== undefined)
    assert.deepEqual([...found].sort(), rows.map(({ id }) => String(id)).sort())
    const worthiest = rows.toSorted((one, other) => other.cost - one.cost).slice(0, 20)
    assert.deepEqual(
      found.slice(0, 20),
      worthiest.map(({ id }) => id),
    )
  })

  claim('labelled rows are grouped by team, language, class, label and confidence', async (given) => {
    const rows = [
      row(NOON, { confidence: 0.95 }),
      row(NOON + 1, { confidence: 0.97 }),
      row(NOON + 2, { confidence: 0.5, prompt: kept('Warum ist der Himmel blau und nicht grün?') }),
      row(NOON + 3),
    ]
    await record(given, ...rows)
    for (const [place, label] of (['stem_reasoning', 'stem_reasoning', 'factual_recall'] as const).entries())
      await given.views.label({ id: rows[place]?.id ?? '', label, who: 'me', at: NOON })
    const { groups, complete } = await given.views.labelled({ team: 'research' })
    assert.equal(complete, true)
    assert.deepEqual(
      groups
        .map(({ language, label, tenth, rows: count, confidence }) => [
          language,
          label,
          tenth,
          count,
          confidence,
        ])
        .sort(),
      [
        ['de', 'factual_recall', 5, 1, 0.5],
        ['unknown', 'stem_reasoning', 9, 2, 0.95 + 0.97],
      ],
    )
    assert.deepEqual((await given.views.labelled({ since: NOON + 3 })).groups, [])
  })

  claim('a model switch in a conversation counts the tokens a cache could have saved', async (given) => {
    const turn = (at: number, target: string, inputTokens: number, changes = {}) =>
      row(NOON + at, { target, inputTokens, conversation: 'c1', ...changes })
    await record(
      given,
      turn(0, 'o1-mini', 2_000),
      turn(1, 'o1-mini', 2_500),
      turn(2, 'gpt-4o', 3_000, { class: 'language_heavy' }),
      turn(3, 'gpt-4o-mini', 3_500, { conversation: 'c2' }),
      turn(4, 'o1-mini', 900, { conversation: 'c2' }),
    )
    const sample = await given.views.cacheSample({ since: NOON - HOUR })
    assert.deepEqual([sample.rows, sample.from], [5, NOON])
    assert.deepEqual(sample.lost, [{ class: 'language_heavy', target: 'gpt-4o', switched: 1, tokens: 2_500 }])
  })

  claim('the sums of a key include only its own rows', async (given) => {
    await record(
      given,
      row(NOON),
      row(NOON, { key: 'other', cost: nanoUsd(5) }),
      row(NOON, { key: 'other', team: 'sales' }),
    )
    const [line, ...more] = await given.views.spend('day', { team: 'research', key: 'other' })
    assert.deepEqual([line?.cost_nusd, line?.requests, more.length], [5, 1, 0])
  })

  claim('a key’s last use is the time of its newest row, counted already or not', async (given) => {
    const rows = [
      row(NOON - 50 * HOUR, { key: 'old' }),
      row(NOON - 3 * HOUR),
      row(NOON - 3 * HOUR + 7),
      row(NOON - 2 * HOUR, { key: 'other', team: 'sales' }),
      ...Array.from({ length: 300 }, (_, count) => row(NOON - HOUR + count, { key: 'busy' })),
      row(NOON, { key: 'new', outcome: 'refused' }),
    ]
    await Promise.all(rows.map((each) => given.ledger.record(each)))
    await given.settled(rows.length)
    assert.deepEqual(await given.views.keyUses('research'), [
      { key: 'busy', at: NOON - HOUR + 299 },
      { key: 'ci', at: NOON - 3 * HOUR + 7 },
      { key: 'new', at: NOON },
      { key: 'old', at: NOON - 50 * HOUR },
    ])
    assert.deepEqual(await given.views.keyUses('nobody'), [])
  })
}
