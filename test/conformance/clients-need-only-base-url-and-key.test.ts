import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { SCRIPTS, versionsOf } from './family.ts'
import { MODES, type Mode, openMode, type Place } from './mode.ts'
import { perform } from './perform.ts'
import { complaintsOf } from './report.ts'
import type { Outcome } from './step.ts'

/** The same as `npm run conformance`, without the clients that need Python. */
const places = new Map<Mode, Place>()
for (const mode of MODES) {
  const { place, close } = await openMode(mode)
  after(close)
  places.set(mode, place)
}

for (const family of SCRIPTS) {
  const client = versionsOf(family, undefined)
  test(`${client} sees the same through the proxy as directly, whatever the routes`, async () => {
    const outcomes = new Map<Mode, readonly Outcome[]>()
    for (const [mode, place] of places) outcomes.set(mode, await perform(family, place, undefined))
    assert.deepEqual(complaintsOf({ client, outcomes }), [])
  })
}
