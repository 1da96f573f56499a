import assert from 'node:assert/strict'
import { test } from 'node:test'
import { typeOf } from '../../../src/upstream/frames/event-type.ts'

const typeIn = (frame: string) => typeOf(Buffer.from(frame))

test('the type of a frame is that of its data, wherever it stands among the members', () => {
  assert.equal(typeIn('data: {"type":"response.created","a":1}\n\n'), 'response.created')
  assert.equal(typeIn('data: {"a":{"type":"error"},"type":"response.created"}\n\n'), 'response.created')
})

// The metadata of an Assistants run used to make a good stream broken.
test('a frame without a type of its own has none, whatever its members are called', () => {
  assert.equal(typeIn('data: {"tools":[],"metadata":{"type":"error"}}\n\n'), undefined)
})

test('of truncated data the first type counts', () => {
  assert.equal(typeIn('data: {"a":{"type":"error"'), 'error')
})
