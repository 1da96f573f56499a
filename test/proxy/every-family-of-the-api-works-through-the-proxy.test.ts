import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { ENDPOINTS } from '../../src/base/endpoint.ts'
import { PROGRAMS } from '../support/api-programs.ts'
import { eventually } from '../support/eventually.ts'
import { KEY, keyEntry, openHouse } from '../support/house.ts'
import { MAJORS } from '../support/openai-majors.ts'

const house = await openHouse({ after }, { team: { endpoints: [...ENDPOINTS] } })
const poor = await openHouse({ after }, { team: { keys: [keyEntry(KEY)] } })

for (const { name, Client } of MAJORS) {
  const major = Number(name.split(' ')[1])
  for (const { endpoint, since = 0, run } of PROGRAMS) {
    if (major < since) continue
    test(`${name}: ${endpoint} works, and every call leaves a row`, async () => {
      const before = house.rows().length
      const calls = house.simulator.calls.length
      await run(new Client({ baseURL: house.baseUrl, apiKey: KEY, maxRetries: 0 }), major)
      const heard = house.simulator.calls.slice(calls)
      const rows = await eventually(() => {
        const closed = house
          .rows()
          .slice(before)
          .filter(({ outcome }) => outcome !== null)
        return closed.length < heard.length ? undefined : closed
      })
      assert.equal(rows.length, heard.length)
      for (const row of rows) {
        assert.deepEqual([row.endpoint, row.outcome, row.attempts], [endpoint, 'ok', 1])
        assert.deepEqual([row.class, row.cause], [null, null])
      }
    })
  }
}

for (const { endpoint, run } of PROGRAMS) {
  test(`${endpoint} is refused to a team that does not list it, with how to allow it`, async () => {
    const Client = MAJORS.at(-1)?.Client
    assert.ok(Client !== undefined)
    const client = new Client({ baseURL: poor.baseUrl, apiKey: KEY, maxRetries: 0 })
    const calls = poor.simulator.calls.length
    await assert.rejects(run(client, 7), (error: unknown) => {
      assert.ok(error instanceof Client.PermissionDeniedError)
      assert.equal(error.code, 'endpoint_not_allowed')
      assert.match(error.message, new RegExp(`may not use "${endpoint}".*teams\\.research\\.endpoints`))
      return true
    })
    assert.equal(poor.simulator.calls.length, calls)
  })
}
