import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { chunkOf } from '../../../src/server/chunk.ts'

test('a chunk consists of its size and its bytes only, for text as for bytes', () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 5000 }).map((piece) => Buffer.from(piece))
  const text = fc.string({ minLength: 1, maxLength: 300, unit: 'grapheme' })
  fc.assert(
    fc.property(fc.oneof(bytes, text), (piece) => {
      const chunk = chunkOf(piece)
      const lineEnd = chunk.indexOf('\r\n')
      assert.match(chunk.toString('latin1', 0, lineEnd), /^[1-9a-f][0-9a-f]*$/)
      const size = Number.parseInt(chunk.toString('latin1', 0, lineEnd), 16)
      assert.deepEqual(chunk.subarray(lineEnd + 2, lineEnd + 2 + size), Buffer.from(piece))
      assert.equal(chunk.toString('latin1', lineEnd + 2 + size), '\r\n')
    }),
  )
})
