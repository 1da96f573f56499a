import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isExhaustion } from '../../../src/upstream/local-exhaustion.ts'

function failed(code: string): Error {
  return Object.assign(new Error(`connect ${code}`), { code })
}

test('running out of descriptors, ports or buffers is local exhaustion; remote failures are not', () => {
  for (const code of ['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS', 'ENOMEM']) {
    assert.equal(isExhaustion(failed(code)), true, code)
  }
  for (const code of ['ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENOTFOUND', 'UND_ERR_SOCKET']) {
    assert.equal(isExhaustion(failed(code)), false, code)
  }
})

test('among several addresses, one remote failure makes it the upstream’s failure', () => {
  const both = (...codes: readonly string[]) => isExhaustion(new AggregateError(codes.map(failed)))
  assert.equal(both('EADDRNOTAVAIL', 'ECONNREFUSED'), false)
  assert.equal(both('EMFILE', 'EMFILE'), true)
  assert.equal(isExhaustion(new AggregateError([])), false)
})
