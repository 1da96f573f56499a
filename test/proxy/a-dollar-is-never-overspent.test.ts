import assert from 'node:assert/strict'
import { test } from 'node:test'
import { storm } from '../bench/budget/storm.ts'

// Peers check recorded spend and overshoot by everything in flight, or refuse while money is merely held. The whole
// proof, with 100 seeds of 1,000 requests at once, is test/bench/budget/run.ts.
test('however many ask at once, a dollar is never overspent, nearly all of it is used, and nobody is refused falsely', async () => {
  const results = await storm({ seeds: [1, 2, 3], requests: 300, limitUsd: 1 })
  for (const { billed, booked, falselyRefused, unexpected, exhausted } of results) {
    assert.ok(billed <= 1e9, `billed ${billed}`)
    assert.ok(billed >= 0.95e9, `billed only ${billed}`)
    assert.equal(booked, billed)
    assert.equal(falselyRefused, 0)
    assert.deepEqual(unexpected, [])
    assert.ok(exhausted > 0)
  }
})
