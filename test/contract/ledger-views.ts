import assert from 'node:assert/strict'
import { nanoUsd } from '../../src/base/money.ts'
import type { Cursor, LedgerViews, ListFilter } from '../../src/ledger/views.ts'
import { assertStoreErrors } from '../support/failing-stores.ts'
import { type CreateViews, claiming, HOUR, kept, NOON, record, row } from './views-under-test.ts'

/** The contract of lists, full rows and exports, whatever the ledger is stored in. */
export function ledgerViewsContract(name: string, create: CreateViews): void {
  const claim = claiming(name, create)

  /** Follows the cursors to the end, however short the pages are. */
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

  claim('a list is newest first, and its pages have each row exactly once', async (given) => {
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

  claim('every filter selects its rows, and filters combine', async (given) => {
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
    'lists show the beginning of the prompt on one line, without evidence or the full prompt',
    async (given) => {
      await record(given, row(NOON, { prompt: kept(`Prove\nthis: ${'x'.repeat(900)}END`) }), row(NOON + 1))
      const [newer, older] = (await given.views.list({}, 2)).rows
      assert.equal(newer?.excerpt, null)
      assert.match(older?.excerpt ?? '', /^Prove this: x{200,240}…$/)
      assert.ok(older !== undefined && !('prompt' in older) && !('evidence' in older))
    },
  )

  claim('a full row has its evidence, labels and conversation', async (given) => {
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

  claim('an export has every row of its filter, oldest first, as NDJSON and as CSV', async (given) => {
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

  claim('rows that ended since a given time are found, whenever they began', async (given) => {
    const rows = [
      row(NOON, { msTotal: 60_000 }),
      row(NOON + 1, { msTotal: 10 }),
      row(NOON + 59_000, { msTotal: 2_000 }),
    ]
    await record(given, ...rows)
    const ended = await given.views.ended(NOON + 60_000)
    assert.deepEqual(ended.map(({ id }) => id).sort(), [rows[0]?.id, rows[2]?.id].sort())
  })

  claim('a made-up cursor is refused', async (given) => {
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

  claim('rejects with a StoreError once it is closed', async (given) => {
    const views = await given.openAnother()
    await views.close()
    await assertStoreErrors(
      () => views.list({}, 5),
      () => views.row('req_'),
      () => views.count({ from: NOON, until: NOON + HOUR, stepMs: HOUR }),
      () => views.cacheSample({}),
      () => views.review({ since: 0 }, 5),
      () => views.labelled({}),
      () => views.label({ id: 'req_', label: 'none', who: 'ada', at: NOON }),
      () => views.labels('req_'),
      () => views.keyUses('research'),
      () => views.spend('team', {}),
      () => views.export({}, 'csv'),
      () => views.ended(NOON),
    )
  })
}
