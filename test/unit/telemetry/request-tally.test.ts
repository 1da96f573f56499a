import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ENDPOINTS } from '../../../src/base/endpoint.ts'
import { nanoUsd } from '../../../src/base/money.ts'
import { PROMPT_CLASSES } from '../../../src/base/prompt-class.ts'
import { OUTCOMES } from '../../../src/ledger/row.ts'
import { MOST_SUMS, RequestTally } from '../../../src/telemetry/request-tally.ts'
import { closing, trip } from './samples.ts'

const sizeOf = (tally: RequestTally) => [...tally.all()].length

test('names that are not configured count as "other", however many there are', () => {
  const tally = new RequestTally()
  tally.follow(['research'], ['gpt-4o'])
  for (let index = 0; index < 5_000; index += 1) {
    tally.count(trip({ team: `team-${index}` }), closing({ target: `model-${index}` }))
  }
  const [only, ...others] = tally.all()
  assert.deepEqual(others, [])
  assert.deepEqual([only?.labels.team, only?.labels.model, only?.requests], ['other', 'other', 5_000])
})

test('the number of sums is bounded however many teams there are, and every request is counted', () => {
  const teams = Array.from({ length: MOST_SUMS * 2 }, (_, index) => `team-${index}`)
  const tally = new RequestTally()
  tally.follow(teams, ['gpt-4o'])
  for (const team of teams) tally.count(trip({ team }), closing({}))
  assert.equal(sizeOf(tally), MOST_SUMS + 1)
  assert.equal(
    [...tally.all()].reduce((sum, { requests }) => sum + requests, 0),
    teams.length,
  )
})

test('sums survive a reload, except those of removed names', () => {
  const tally = new RequestTally()
  tally.follow(['a', 'b'], ['gpt-4o', 'o1-mini'])
  tally.count(trip({ team: 'a' }), closing({}))
  tally.count(trip({ team: 'b' }), closing({}))
  tally.follow(['c', 'b'], ['gpt-4o'])
  tally.count(trip({ team: 'a' }), closing({}))
  tally.count(trip({ team: 'b' }), closing({}))
  const counted = [...tally.all()].map(({ labels, requests }) => `${labels.team} ${requests}`)
  assert.deepEqual(counted.sort(), ['b 2', 'other 1'])
})

test('every request counts in exactly one sum, under its own labels', () => {
  const teams = ['a', 'b', 'c']
  const models = ['m', 'n']
  const request = fc.record({
    team: fc.constantFrom(...teams),
    target: fc.constantFrom(...models, null),
    class: fc.constantFrom(...PROMPT_CLASSES, null),
    outcome: fc.constantFrom(...OUTCOMES),
    endpoint: fc.constantFrom(...ENDPOINTS),
    cost: fc.nat(1_000_000),
  })
  fc.assert(
    fc.property(fc.array(request, { maxLength: 60 }), (requests) => {
      const tally = new RequestTally()
      tally.follow(teams, models)
      const requestsOf = new Map<string, number>()
      const costOf = new Map<string, number>()
      const add = (to: Map<string, number>, place: string, more: number) =>
        to.set(place, (to.get(place) ?? 0) + more)
      for (const { cost, target, outcome, ...of } of requests) {
        tally.count(trip(of), closing({ target, outcome, cost: nanoUsd(cost) }))
        const whose = `${of.team} ${target ?? 'none'} ${of.class ?? 'none'}`
        add(requestsOf, `${whose} ${outcome} ${of.endpoint}`, 1)
        add(costOf, whose, cost)
      }
      const counted = [...tally.all()].map(({ labels, requests }): [string, number] => [
        [labels.team, labels.model, labels.class, labels.outcome, labels.endpoint].join(' '),
        requests,
      ])
      const spent = [...tally.spendings()].map(({ labels, cost }): [string, number] => [
        [labels.team, labels.model, labels.class].join(' '),
        cost,
      ])
      assert.deepEqual([new Map(counted), new Map(spent)], [requestsOf, costOf])
    }),
  )
})
