import assert from 'node:assert/strict'
import { test } from 'node:test'
import { complaintsOf, storm } from '../bench/budget/storm.ts'

// Peers check recorded spend and overshoot by everything in flight, or refuse while money is only held. The
// full proof, with 1,000 seeds of 1,000 requests at once, is test/bench/budget/run.ts.
for (const [across, what] of [
  ['nothing', 'however many ask at once and however they end'],
  ['rollover', 'nor in either of two days with midnight between'],
  ['reload', 'nor across a reload that doubles the budget'],
] as const) {
  test(`a dollar is never overspent, ${what}; nearly all of it is used, no refusal is wrong, and every bill is booked`, async () => {
    const results = await storm({ seeds: [1, 2], requests: 300, limitUsd: 1, across })
    for (const result of results) assert.deepEqual(complaintsOf(result), [], `seed ${result.seed}`)
    // A dollar pays for some forty requests a seed, and which of them a busy machine lets end how is chance.
    for (const ending of ['answered', 'left', 'torn', 'exhausted'] as const) {
      assert.ok(
        results.some(({ tally }) => tally[ending] > 0),
        `${ending}: ${JSON.stringify(results)}`,
      )
    }
  })
}
