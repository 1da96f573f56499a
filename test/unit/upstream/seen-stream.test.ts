import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { answerText } from '../../../src/flow/dialect/chat-answer.ts'
import { SeenStream } from '../../../src/upstream/frames/seen-stream.ts'

const frame = (content: string) =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`

function watch(stream: string, size: number): SeenStream {
  const seen = new SeenStream(answerText)
  const bytes = Buffer.from(stream)
  for (let at = 0; at < bytes.length; at += size) seen.keep(bytes.subarray(at, at + size))
  return seen
}

test('finds every word of a stream of any length, however it is split', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 50, max: 100_000 }), (words, size) => {
      const texts = Array.from({ length: words }, (_, place) => ` wörd${place}`)
      const seen = watch(texts.map(frame).join(''), size).words()
      assert.deepEqual(seen, { text: texts.join(''), beyondBytes: 0, frames: 0 })
    }),
    { numRuns: 30 },
  )
})

test('text beyond the limit is counted by its bytes', () => {
  const { text, beyondBytes } = watch(frame('é'.repeat(1_000)).repeat(1_000), 65_536).words()
  assert.ok(text.length < 200_000)
  assert.equal(Buffer.byteLength(text) + beyondBytes, 2_000_000)
})

test('a frame too long to keep is counted by its bytes, and later frames are read normally', () => {
  const { text, beyondBytes } = watch(frame('x'.repeat(1_000_000)) + frame('after'), 60_000).words()
  assert.equal(text, 'after')
  assert.ok(beyondBytes >= 1_000_000 && beyondBytes < 1_000_200, `${beyondBytes}`)
})
