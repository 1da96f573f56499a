import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fuzz } from '../bench/fuzz/fuzz.ts'
import { TARGETS } from '../bench/fuzz/targets.ts'

// For a million cases of each: `node --expose-gc test/bench/fuzz/run.ts`.
for (const target of TARGETS) {
  test(`${target.name}: a few thousand generated cases are parsed or refused, and parsed in one way only`, () => {
    assert.equal(fuzz(target, 3_000, 2_000_000_000).cases, 3_000)
  })
}
