import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nanoUsd } from '../../src/base/money.ts'
import type { RaiseLog } from '../../src/budget/raise.ts'
import type { AuditLine, AuditLog, Note } from '../../src/ledger/audit.ts'
import type { Labelling } from '../../src/ledger/label-book.ts'
import { assertStoreErrors } from '../support/failing-stores.ts'

/** An empty audit log beside its store's other logs, with one row to label. */
export interface AuditLogUnderTest {
  readonly audit: AuditLog
  readonly raiseLog: RaiseLog
  label(labelling: Omit<Labelling, 'id'>): Promise<unknown>
  /** A log on a store that does not answer. */
  readonly failing: AuditLog
  dispose(): Promise<void>
}

const LOGIN: Note = { at: 1_000, who: 'Zoë ☂', action: 'login', subject: 'admin', detail: 'from ::1; "x"' }
const GRANT = {
  action: 'grant',
  raise: 'raise-1',
  budget: 'team:research/day',
  amount: nanoUsd(5),
  until: 9_000,
  at: 2_000,
  who: 'ada',
  via: 'store',
  reason: 'the demo',
} as const

/** The contract of every audit log, whatever it is stored in. */
export function auditLogContract(name: string, create: () => Promise<AuditLogUnderTest>): void {
  function claim(title: string, run: (given: AuditLogUnderTest) => Promise<void>): void {
    test(`${name}: ${title}`, async () => {
      const given = await create()
      try {
        await run(given)
      } finally {
        await given.dispose()
      }
    })
  }

  claim('lists notes, labels and raises together, newest first, whoever wrote them', async (given) => {
    await given.audit.note({ ...LOGIN, at: 4_000, action: 'key_created', subject: 'research/ci' })
    await given.raiseLog.append(GRANT)
    await given.label({ label: 'factual_recall', who: 'rita', at: 3_000 })
    await given.audit.note(LOGIN)
    await given.raiseLog.append({ ...GRANT, action: 'revoke', at: 5_000 })
    const lines = await given.audit.linesBefore(undefined, 10)
    assert.deepEqual(
      lines.map(({ at, who, action }) => [at, who, action]),
      [
        [5_000, 'ada', 'raise_revoked'],
        [4_000, 'Zoë ☂', 'key_created'],
        [3_000, 'rita', 'label'],
        [2_000, 'ada', 'raise_granted'],
        [1_000, 'Zoë ☂', 'login'],
      ],
    )
    assert.deepEqual(lines.map(({ subject, detail }) => [subject, detail]).toSpliced(2, 1), [
      ['team:research/day', 'the demo'],
      ['research/ci', LOGIN.detail],
      ['team:research/day', 'the demo'],
      ['admin', LOGIN.detail],
    ])
    assert.equal(lines[2]?.detail, 'none → factual_recall')
  })

  claim('pages through lines of one moment without losing or repeating any', async ({ audit, raiseLog }) => {
    for (let turn = 0; turn < 5; turn += 1) {
      await audit.note({ ...LOGIN, subject: `a${turn}` })
      await raiseLog.append({ ...GRANT, at: LOGIN.at, raise: `raise-${turn}`, budget: `b${turn}` })
    }
    const seen: string[] = []
    let place: AuditLine | undefined
    for (;;) {
      const page = await audit.linesBefore(place, 3)
      seen.push(...page.map(({ subject }) => subject))
      place = page.at(-1)
      if (place === undefined) break
    }
    assert.deepEqual(seen, ['b4', 'b3', 'b2', 'b1', 'b0', 'a4', 'a3', 'a2', 'a1', 'a0'])
  })

  claim('rejects with a StoreError when its store does not answer', async ({ failing }) => {
    await assertStoreErrors(
      () => failing.note(LOGIN),
      () => failing.linesBefore(undefined, 10),
    )
  })
}
