import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { MAJORS } from '../support/openai-majors.ts'
import { fits } from './fault.ts'
import { WAYS } from './sighting.ts'
import { type Case, OTHER, type Played, playAll } from './stage.ts'
import { FAULTS } from './table.ts'

// Every fault, every way to ask, the majors in turn: which target answers does not depend on the client.

const ways = FAULTS.flatMap((fault) => WAYS.filter((way) => way in fault.ends).map((way) => ({ fault, way })))
const cases = ways.flatMap((each, index): readonly Case[] => {
  const major = MAJORS[index % MAJORS.length]
  return major === undefined ? [] : [{ ...each, major }]
})

// Both run before any test is defined, because the houses close once all tests defined so far have ended.
const again = await playAll({ after }, cases, { retries: 1, once: true, other: false })
const others = await playAll({ after }, cases, { retries: 0, once: false, other: true })

describe('the same target is retried if that may help', () => {
  for (const played of again) {
    const { fault, way } = played
    const isHelped = fault.ends[way]?.next === 'same' && fault.act !== 'nobody'
    test(`${fault.name} (${way}): ${isHelped ? 'the retry answers' : 'no retry, or one that fails too'}`, () => {
      assert.equal(played.rows[0]?.attempts, fault.ends[way]?.next === 'same' ? 2 : 1)
      assertAnswered(played, isHelped)
    })
  }
})

describe('another target is asked if that may help', () => {
  for (const played of others) {
    const { fault, way } = played
    const isHelped = fault.ends[way]?.next !== 'nobody'
    test(`${fault.name} (${way}): ${isHelped ? 'the other target answers' : 'no other target is asked'}`, () => {
      assert.equal(played.rows[0]?.attempts, isHelped ? 2 : 1)
      assert.equal(played.rows[0]?.target === OTHER, isHelped)
      assertAnswered(played, isHelped)
    })
  }
})

/** Checks that a rescued request has a plain answer and one row that covers all its attempts. */
function assertAnswered({ sighting, rows, calls, fault, way }: Played, isHelped: boolean): void {
  assert.ok(sighting !== undefined, 'it hangs')
  const [row, ...more] = rows
  assert.ok(row !== undefined && more.length === 0, `${rows.length} rows`)
  if (isHelped) {
    assert.ok('text' in sighting && fits(sighting.text, 'Canberra. …'), JSON.stringify(sighting))
    assert.deepEqual([row.outcome, row.error_code, row.usage_source], ['ok', null, 'reported'])
  } else
    assert.deepEqual([row.outcome, row.error_code], [fault.ends[way]?.outcome, fault.ends[way]?.errorCode])
  const billed = calls.reduce((sum, call) => sum + call.billedNanoUsd, 0)
  assert.ok((row.cost_nusd ?? 0) >= billed, `${row.cost_nusd} paid, ${billed} billed`)
}
