import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { MOST, nanoUsd } from '../../../src/base/money.ts'
import type { Decision, RaiseEntry, RaiseLog } from '../../../src/budget/raise.ts'
import { Raises } from '../../../src/budget/raises.ts'
import { budget } from '../../support/ledger-rows.ts'

const NOON = Date.UTC(2026, 10, 22, 12)
const MONTH = budget(1000, 'month')
const why: Decision = { at: NOON, who: 'me', via: 'store', reason: 'because' }
const order = (amount: number, until = NOON + 1000) => ({ budget: MONTH.id, amount: nanoUsd(amount), until })

/** An in-memory log, shared as if by several processes. */
function logOf(entries: RaiseEntry[]): { -readonly [Name in keyof RaiseLog]: RaiseLog[Name] } {
  return {
    append: async (entry) => {
      if (entries.some(({ raise, action }) => raise === entry.raise && action === entry.action)) return false
      entries.push(entry)
      return true
    },
    entries: async () => [...entries],
  }
}

function limitAt(raises: Raises, at: number): number | undefined {
  return raises.over([MONTH], at)[0]?.limit
}

test('a raise is in force from its grant until its end, and not a millisecond longer', async () => {
  const raises = await Raises.open(logOf([]), NOON)
  await raises.grant(order(200), why)
  assert.deepEqual(
    [NOON - 1, NOON, NOON + 999, NOON + 1000].map((at) => limitAt(raises, at)),
    [1000, 1200, 1200, 1000],
  )
})

test('raises add up, affect only their own budget, and are capped at the largest exact sum', async () => {
  const raises = await Raises.open(logOf([]), NOON)
  await raises.grant(order(200), why)
  await raises.grant(order(30), why)
  assert.equal(limitAt(raises, NOON), 1230)
  const other = budget(1000, 'day')
  assert.equal(raises.over([other], NOON)[0], other)
  await raises.grant(order(MOST), why)
  assert.equal(limitAt(raises, NOON), MOST)
})

test('a grant or revocation that cannot be logged does not take effect', async () => {
  const log = logOf([])
  const raises = await Raises.open(log, NOON)
  const { id } = await raises.grant(order(200), why)
  log.append = () => Promise.reject(new Error('the disk is full'))
  await assert.rejects(raises.grant(order(30), why))
  await assert.rejects(raises.revoke(id, why))
  assert.equal(limitAt(raises, NOON), 1200)
})

test('a raise granted by another process can be revoked at once, and only once across processes', async () => {
  const shared = logOf([])
  const [here, there] = [await Raises.open(shared, NOON), await Raises.open(shared, NOON)]
  const { id } = await here.grant(order(200), why)
  const outcomes = await Promise.all([there, here, there, here].map((raises) => raises.revoke(id, why)))
  assert.equal(outcomes.filter((raise) => raise !== undefined).length, 1)
  assert.deepEqual([limitAt(here, NOON), limitAt(there, NOON)], [1000, 1000])
  assert.deepEqual(
    (await shared.entries()).map(({ action }) => action),
    ['grant', 'revoke'],
  )
  assert.equal(await here.revoke('raise-0000000000', why), undefined)
})

test('concurrent grants, revocations and refreshes in any order count each raise once', async () => {
  const property = fc.asyncProperty(
    fc.scheduler(),
    fc.array(fc.constantFrom('grant', 'revoke', 'refresh'), { maxLength: 12 }),
    async (scheduler, steps) => {
      const entries: RaiseEntry[] = []
      const shared = logOf(entries)
      const first = await Raises.open(shared, NOON)
      const slow: RaiseLog = {
        append: scheduler.scheduleFunction((entry: RaiseEntry) => shared.append(entry)),
        entries: scheduler.scheduleFunction(() => shared.entries()),
      }
      const raises = await scheduler.waitFor(Raises.open(slow, NOON))
      const other = await first.grant(order(100), why)
      const work = steps.map((step) => {
        if (step === 'grant') return raises.grant(order(10), why)
        if (step === 'revoke') return raises.revoke(raises.inForce(NOON)[0]?.id ?? other.id, why)
        return raises.refresh(NOON)
      })
      await scheduler.waitFor(Promise.all(work))
      const lines = entries.map(({ action, raise }) => `${action} ${raise}`)
      assert.equal(new Set(lines).size, lines.length, 'each is granted once and revoked once')
      const ids = raises.inForce(NOON).map(({ id }) => id)
      assert.equal(new Set(ids).size, ids.length)
      await scheduler.waitFor(raises.refresh(NOON))
      const fresh = await Raises.open(shared, NOON)
      assert.equal(limitAt(raises, NOON), limitAt(fresh, NOON))
    },
  )
  await fc.assert(property, { numRuns: 300 })
})
