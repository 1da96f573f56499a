import assert from 'node:assert/strict'
import { test } from 'node:test'
import { requestId } from '../../../src/base/ids.ts'
import { ZERO } from '../../../src/base/money.ts'
import { readConfiguration } from '../../../src/config/configuration.ts'
import type { Exchange } from '../../../src/flow/exchange.ts'
import { refuse } from '../../../src/flow/refuse.ts'
import type { Trip } from '../../../src/flow/trip.ts'
import { answerTo } from '../../../src/server/envelope.ts'
import { sample, write } from '../config/sample.ts'

function failing(done: string[]): Exchange {
  const answer = () => {
    throw new TypeError('Invalid character in header content')
  }
  const note = (what: string) => () => {
    done.push(what)
  }
  return {
    method: 'POST',
    query: '',
    deployment: undefined,
    path: '/chat/completions',
    headers: {},
    body: Buffer.alloc(0),
    arrivedAt: 0,
    gone: false,
    onGone: note('onGone'),
    answer,
    open: answer,
    write: () => true,
    onDrain: note('onDrain'),
    end: note('end'),
    destroy: note('destroy'),
  }
}

test('a refusal that cannot be written cuts the connection, and the request still ends', (t) => {
  const { runtime } = readConfiguration(write(t, sample()), {})
  const done: string[] = []
  const trip: Trip = {
    id: requestId(0),
    at: 0,
    exchange: failing(done),
    live: { runtime, upstream: () => undefined },
    endpoint: 'chat',
    trace: undefined,
    key: undefined,
    slot: undefined,
    hold: undefined,
    requestedModel: 'auto',
    stream: false,
    routed: undefined,
    decision: undefined,
    evidence: null,
    conversation: null,
    prompt: null,
    target: undefined,
    forwardedTo: undefined,
    attempts: 0,
    trial: undefined,
    inFlight: undefined,
    adapted: [],
    owed: ZERO,
    owedTokens: 0,
    owesUnpriced: false,
    dispatchedAt: undefined,
    firstByteAt: undefined,
  }
  const logged: string[] = []
  const log = { warn: () => {}, error: (_: object, message: string) => void logged.push(message) }
  const ending = refuse({ log, answerTo }, trip, new Error('a bug'))
  assert.deepEqual([ending.outcome, ending.status, ending.errorCode], ['refused', 500, 'internal_error'])
  assert.deepEqual(done, ['destroy'])
  assert.equal(logged.length, 2)
})
