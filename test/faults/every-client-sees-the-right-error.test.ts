import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { MAJORS } from '../support/openai-majors.ts'
import { fits, type Seen } from './fault.ts'
import { WAYS } from './sighting.ts'
import { type Played, playAll } from './stage.ts'
import { FAULTS } from './table.ts'

// Every fault, every way to ask, every major of the client, with one target and no retries.

const cases = FAULTS.flatMap((fault) =>
  WAYS.filter((way) => way in fault.ends).flatMap((way) => MAJORS.map((major) => ({ fault, way, major }))),
)

for (const played of await playAll({ after }, cases, { retries: 0, once: false, other: false })) {
  const { fault, way, major } = played
  const end = fault.ends[way]
  assert.ok(end !== undefined)
  test(`${fault.name} (${way}, ${major.name})`, () => {
    assertSees(played, end.but?.[major.name] ?? end.sees)
    const [row, ...more] = played.rows
    assert.ok(row !== undefined && more.length === 0, `${played.rows.length} rows`)
    assert.deepEqual(
      [row.outcome, row.error_code, row.usage_source, row.attempts],
      [end.outcome, end.errorCode, end.paid, 1],
    )
    assertPaid(played, row.cost_nusd ?? 0, row.held_nusd)
  })
}

function assertSees({ sighting }: Played, expected: Seen): void {
  assert.ok(sighting !== undefined, 'it hangs')
  if ('as' in expected) {
    assert.ok('as' in sighting, `it got an answer: ${JSON.stringify(sighting).slice(0, 200)}`)
    const { message, late, ...rest } = expected
    const { as, status, code, type } = sighting
    assert.deepEqual({ as, status, code, type }, rest, sighting.message)
    assert.ok(fits(sighting.message, message), `${sighting.message} is not ${message}`)
    assert.equal(sighting.after > 0, late, `raised after ${sighting.after} chunks`)
  } else {
    assert.ok('finish' in sighting, JSON.stringify(sighting))
    assert.equal(sighting.finish, expected.finish)
    assert.ok(fits(sighting.text, expected.text), sighting.text.slice(0, 200))
  }
}

/**
 * Checks that the cost is never below the bill, exactly the bill if reported, and zero if certainly nothing
 * was billed.
 */
function assertPaid({ calls, fault, way }: Played, cost: number, held: number): void {
  const billed = calls.reduce((sum, call) => sum + call.billedNanoUsd, 0)
  assert.ok(cost >= billed && cost <= held, `${cost} paid of ${held} held, ${billed} billed`)
  const paid = fault.ends[way]?.paid
  if (paid === 'reported') assert.equal(cost, billed)
  if (paid === 'none') assert.equal(cost, 0)
}
