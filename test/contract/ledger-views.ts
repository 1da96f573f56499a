import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nanoUsd } from '../../src/base/money.ts'
import type { Ledger } from '../../src/budget/ledger.ts'
import { isNoRoom } from '../../src/budget/ledger.ts'
import type { Row } from '../../src/budget/row.ts'
import { OUTCOMES } from '../../src/budget/row.ts'
import type { Counted, Cursor, LedgerViews, ListFilter } from '../../src/budget/views.ts'
import { closing, openRow } from '../support/ledger-rows.ts'

/** Views of a ledger that a server is writing to meanwhile. */
export interface ViewsUnderTest {
  readonly ledger: Ledger
  readonly views: LedgerViews
  /** Comes back once the store itself has so many rows that ended. */
  settled(rows: number): Promise<void>
  dispose(): Promise<void>
}

const HOUR = 3_600_000
const NOON = Date.UTC(2026, 10, 20, 12)

/** A row that has ended. Costs 1,000 nano-dollars unless said otherwise, the baseline twice as much. */
function row(at: number, changes: Partial<Row> = {}): Row {
  return { ...openRow(at), ...closing(1_000), held: nanoUsd(1_000), ...changes }
}

function kept(text: string): string {
  return JSON.stringify({
    v: 1,
    first: 'o1-mini',
    needs: { for: [], bytes: 9, messages: 1 },
    turns: [text],
    alone: true,
  })
}

/** What every view must do, whatever the ledger lies in. */
export function ledgerViewsContract(name: string, create: () => Promise<ViewsUnderTest>): void {
  function claim(title: string, run: (given: ViewsUnderTest) => Promise<void>): void {
    test(`${name}: ${title}`, async () => {
      const given = await create()
      try {
        await run(given)
      } finally {
        await given.dispose()
      }
    })
  }

  async function record(given: ViewsUnderTest, ...rows: readonly Row[]): Promise<void> {
    for (const each of rows) await given.ledger.record(each)
    await given.settled(rows.length)
  }

  /** Follows the cursors to the end, however short the looks are. */
  async function whole(views: LedgerViews, filter: ListFilter, limit = 50): Promise<readonly string[]> {
    const ids: string[] = []
    let cursor: Cursor | undefined
    do {
      const look = await views.list(filter, limit, cursor)
      assert.ok(look.rows.length <= limit)
      ids.push(...look.rows.map(({ id }) => id))
      cursor = look.next
    } while (cursor !== undefined)
    return ids
  }

  claim('a list is newest first, and its pages are the whole list, each row once', async (given) => {
    const rows = Array.from({ length: 25 }, (_, count) => row(NOON + Math.floor(count / 3)))
    await record(given, ...rows)
    const ids = await whole(given.views, {}, 4)
    assert.deepEqual([...ids].sort(), rows.map(({ id }) => String(id)).sort())
    const { rows: shown, backTo, complete } = await given.views.list({}, 3)
    const times = (await given.views.list({}, 25)).rows.map(({ at }) => at)
    assert.deepEqual(
      times,
      times.toSorted((one, other) => other - one),
    )
    assert.deepEqual([shown.length, complete], [3, true])
    assert.ok(backTo <= NOON + 8)
  })

  claim('every filter leaves the rows it means, and they combine', async (given) => {
    const rows = [
      row(NOON, {
        team: 'sales',
        key: 'bot',
        class: 'factual_recall',
        cause: 'rule:fact.who',
        target: 'gpt-4o-mini',
      }),
      row(NOON + 1, { confidence: 0.41, cause: 'abstained', endpoint: 'responses' }),
      row(NOON + 2, { confidence: 0.99, outcome: 'broken', prompt: kept('Où est "Ménerbes"?\nEn Provence') }),
      row(NOON + 3, { class: null, confidence: null, cause: null, outcome: 'refused', cost: nanoUsd(0) }),
    ]
    await record(given, ...rows)
    await given.views.label({ id: rows[1]?.id ?? '', label: 'language_heavy', who: 'ada', at: NOON })
    const places = async (filter: ListFilter) => {
      const ids = await whole(given.views, filter)
      return ids.map((id) => rows.findIndex((each) => each.id === id)).sort()
    }
    const expected: readonly (readonly [ListFilter, readonly number[]])[] = [
      [{ team: 'sales' }, [0]],
      [{ key: 'bot' }, [0]],
      [{ class: 'stem_reasoning' }, [1, 2]],
      [{ cause: 'rule:' }, [0]],
      [{ cause: 'rule:fact.who' }, [0]],
      [{ cause: 'rule' }, []],
      [{ model: 'o1-mini' }, [1, 2, 3]],
      [{ confidenceMax: 0.5 }, [1]],
      [{ confidenceMin: 0.95 }, [2]],
      [{ confidenceMin: 0.93, confidenceMax: 0.93 }, [0]],
      [{ outcome: 'broken' }, [2]],
      [{ outcome: 'ok' }, [0, 1]],
      [{ endpoint: 'responses' }, [1]],
      [{ label: 'language_heavy' }, [1]],
      [{ label: 'stem_reasoning' }, []],
      [{ label: 'none' }, [0, 2, 3]],
      [{ text: 'où est "ménerbes"?' }, [2]],
      [{ text: 'PROVENCE' }, [2]],
      [{ text: 'needs' }, []],
      [{ text: '%' }, []],
      [{ since: NOON + 2 }, [2, 3]],
      [{ until: NOON + 2 }, [0, 1]],
      [{ since: NOON + 1, until: NOON + 3, class: 'stem_reasoning', outcome: 'ok' }, [1]],
      [{ team: `x' OR 1 = 1 --` }, []],
    ]
    for (const [filter, wanted] of expected)
      assert.deepEqual(await places(filter), wanted, JSON.stringify(filter))
  })

  claim(
    'lists show the beginning of what was asked in one line, and neither evidence nor more',
    async (given) => {
      await record(given, row(NOON, { prompt: kept(`Prove\nthis: ${'x'.repeat(900)}END`) }), row(NOON + 1))
      const [newer, older] = (await given.views.list({}, 2)).rows
      assert.equal(newer?.excerpt, null)
      assert.match(older?.excerpt ?? '', /^Prove this: x{200,240}…$/)
      assert.ok(older !== undefined && !('prompt' in older) && !('evidence' in older))
    },
  )

  claim('a row in full has its evidence, its labels and its conversation', async (given) => {
    const before = row(NOON - 5_000)
    const asked = row(NOON, { prompt: kept('And then?') })
    const after = row(NOON + 9_000)
    const others = [
      row(NOON + 1, { conversation: 'another' }),
      row(NOON + 2, { team: 'sales' }),
      row(NOON - 24 * HOUR),
    ]
    await record(given, before, asked, after, ...others)
    await given.views.label({ id: asked.id, label: 'factual_recall', who: 'ada', at: NOON })
    await given.views.label({ id: asked.id, label: 'undo', who: 'ben', at: NOON + 1 })
    const found = await given.views.row(asked.id)
    assert.deepEqual(found?.row.evidence, JSON.parse(asked.evidence ?? ''))
    assert.equal(found?.row.prompt, asked.prompt)
    assert.deepEqual(
      found?.labels.map(({ who, before: was, label }) => [who, was, label]),
      [
        ['ada', null, 'factual_recall'],
        ['ben', 'factual_recall', null],
      ],
    )
    assert.deepEqual(
      found?.conversation.map(({ id }) => id),
      [before.id, after.id],
    )
    assert.equal(await given.views.row(row(NOON).id), undefined)
    assert.equal(await given.views.row("' OR 1 = 1"), undefined)
  })

  const DAY_WINDOW = { from: NOON - 23 * HOUR, until: NOON + HOUR, stepMs: HOUR }

  async function untilCounted(views: LedgerViews, window = DAY_WINDOW, team?: string): Promise<Counted> {
    for (;;) {
      const counted = await views.count({ ...window, team })
      if (counted.complete) return counted
    }
  }

  claim(
    'a window’s sums are those of its rows, by step, class, model and whether they can be compared',
    async (given) => {
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
      const told = usage.map(
        ({ step, class: name, target, comparison, requests, cost_nusd, baseline_nusd }) =>
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
    },
  )

  claim('outcomes, confidence, abstentions and durations are spread as in the rows', async (given) => {
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

  claim('a request in flight is counted when it ends, once, and where it began', async (given) => {
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

  claim(
    'the least certain and most costly rows are to be labelled first, without those that are',
    async (given) => {
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
    },
  )

  claim('labelled rows are told by team, language, class, label and confidence', async (given) => {
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

  claim('a conversation that changes models has lost what a cache might have had', async (given) => {
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

  claim('an export has every row that is meant, oldest first, as NDJSON and as CSV', async (given) => {
    const rows = Array.from({ length: 1_203 }, (_, count) =>
      row(NOON + count, { team: count % 3 === 0 ? 'sales' : 'research' }),
    )
    await Promise.all(rows.map((each) => given.ledger.record(each)))
    await given.settled(rows.length)
    const text = async (format: 'ndjson' | 'csv', filter: ListFilter) => {
      let written = ''
      let cursor: Cursor | undefined
      do {
        const part = await given.views.export(filter, format, cursor)
        written += part.text
        cursor = part.next
      } while (cursor !== undefined)
      return written
    }
    const lines = (await text('ndjson', {})).trimEnd().split('\n')
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).id),
      rows.map(({ id }) => id),
    )
    const csv = (await text('csv', { team: 'sales', since: NOON + 1 })).trimEnd().split('\r\n')
    assert.equal(csv[0]?.startsWith('id,at,team,'), true)
    assert.equal(csv.length, 1 + 400)
  })

  claim('what has ended since a moment is told, whenever it began', async (given) => {
    const rows = [
      row(NOON, { msTotal: 60_000 }),
      row(NOON + 1, { msTotal: 10 }),
      row(NOON + 59_000, { msTotal: 2_000 }),
    ]
    await record(given, ...rows)
    const ended = await given.views.ended(NOON + 60_000)
    assert.deepEqual(ended.map(({ id }) => id).sort(), [rows[0]?.id, rows[2]?.id].sort())
  })

  claim('sums of one key are its own', async (given) => {
    await record(
      given,
      row(NOON),
      row(NOON, { key: 'other', cost: nanoUsd(5) }),
      row(NOON, { key: 'other', team: 'sales' }),
    )
    const [line, ...more] = await given.views.spend('day', { team: 'research', key: 'other' })
    assert.deepEqual([line?.cost_nusd, line?.requests, more.length], [5, 1, 0])
  })

  claim('a cursor that nobody gave is refused', async (given) => {
    await record(given, row(NOON))
    for (const cursor of ['x', '-1', '1;DROP', '99999999999999999999', '']) {
      const looks = [
        () => given.views.list({}, 5, cursor),
        () => given.views.review({ since: 0 }, 5, cursor),
        () => given.views.export({}, 'csv', cursor),
      ]
      for (const look of looks) await assert.rejects(look, { name: 'BadCursor' }, cursor)
    }
  })
}
