import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isExhaustion } from '../../../src/upstream/local-exhaustion.ts'

function failed(code: string): Error {
  return Object.assign(new Error(`connect ${code}`), { code })
}

test('no descriptor, port or buffer left is our own want; what the other side does is not', () => {
  for (const code of ['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS', 'ENOMEM']) {
    assert.equal(isExhaustion(failed(code)), true, code)
  }
  for (const code of ['ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENOTFOUND', 'UND_ERR_SOCKET']) {
    assert.equal(isExhaustion(failed(code)), false, code)
  }
})

test('of several addresses, one that answers for itself is the upstream’s', () => {
  const both = (...codes: readonly string[]) => isExhaustion(new AggregateError(codes.map(failed)))
  assert.equal(both('EADDRNOTAVAIL', 'ECONNREFUSED'), false)
  assert.equal(both('EMFILE', 'EMFILE'), true)
  assert.equal(isExhaustion(new AggregateError([])), false)
})
