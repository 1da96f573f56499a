import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ENDPOINTS } from '../../src/base/endpoint.ts'
import { randomFrom } from '../../src/simulator/random.ts'
import { ask } from '../support/client.ts'
import { eventually } from '../support/eventually.ts'
import { openHouse } from '../support/house.ts'

const LIMIT_USD = 0.004
const LIMIT = LIMIT_USD * 1e9
const REQUESTS = 400

test('four hundred concurrent calls of several priced kinds stay within the budget', async (t) => {
  const house = await openHouse(t, {
    team: { endpoints: [...ENDPOINTS], budgets: [{ usd: LIMIT_USD, per: 'total' }] },
  })
  const random = randomFrom(20261122)
  const words = (most: number) => 'word '.repeat(1 + Math.floor(random() * most))
  const asks = Array.from({ length: REQUESTS }, () => {
    const kind = Math.floor(random() * 4)
    if (kind === 0) {
      const body = { model: 'text-embedding-3-large', input: [words(60), words(60)] }
      return { path: '/embeddings', body, leaves: random() < 0.2 }
    }
    if (kind === 1) {
      const body = { model: 'gpt-image-1-mini', prompt: words(9), n: 1 }
      return { path: '/images/generations', body, leaves: false }
    }
    const prompt = random() < 0.5 ? words(30) : [words(9), words(9)]
    const body = {
      model: 'gpt-3.5-turbo-instruct',
      prompt,
      max_tokens: 1 + Math.floor(random() * 40),
      n: 1 + Math.floor(random() * 3),
      stream: random() < 0.5,
    }
    return { path: '/completions', body, leaves: random() < 0.2 }
  })
  const statuses = await Promise.all(
    asks.map(async ({ path, body, leaves }) => {
      const answer = await ask(house.baseUrl + path, { body })
      if (leaves) answer.abort()
      await answer.ended
      return answer.status
    }),
  )
  await house.simulator.idle()
  const rows = await eventually(() => {
    const closed = house.rows().filter(({ outcome }) => outcome !== null)
    return closed.length < REQUESTS ? undefined : closed
  })
  const booked = rows.reduce((sum, { cost_nusd: cost }) => sum + (cost ?? 0), 0)
  const billed = house.simulator.billedNanoUsd()
  assert.ok(billed <= booked, `${billed} were billed, ${booked} booked`)
  assert.ok(booked <= LIMIT, `${booked} of ${LIMIT} were booked`)
  const count = (status: number) => statuses.filter((each) => each === status).length
  assert.ok(count(200) > 20 && count(429) > 20, `${count(200)} served, ${count(429)} refused`)
  assert.equal(count(200) + count(429), REQUESTS)
})
