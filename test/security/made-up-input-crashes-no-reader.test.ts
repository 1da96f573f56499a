import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fuzz } from '../bench/fuzz/fuzz.ts'
import { TARGETS } from '../bench/fuzz/targets.ts'

// A million of each: `node --expose-gc test/bench/fuzz/run.ts`.
for (const target of TARGETS) {
  test(`${target.name}: a few thousand made-up cases are read or refused, and read one way only`, () => {
    assert.equal(fuzz(target, 3_000, 2_000_000_000).cases, 3_000)
  })
}
