import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { bytesOf, needsOfBody } from './asking.ts'

const png = (width: number, height: number) => {
  // A header, and the start of the chunk that holds the pixels.
  const head = Buffer.alloc(42)
  head.write('89504e470d0a1a0a0000000d49484452', 'hex')
  head.writeUInt32BE(width, 16)
  head.writeUInt32BE(height, 20)
  head.write('IDAT', 37)
  return `data:image/png;base64,${head.toString('base64')}${'A'.repeat(1_000)}`
}

function images(...urls: (string | object)[]) {
  const content = urls.map((url) => ({
    type: 'image_url',
    image_url: typeof url === 'string' ? { url } : url,
  }))
  return needsOfBody({ messages: [{ role: 'user', content }] })
}

test('image sizes are read from PNG headers, and are unknown for anything else', () => {
  const { size, remoteImages } = images(
    png(1024, 768),
    png(0, 5),
    'data:image/jpeg;base64,/9j/',
    'data:,',
    { url: png(20, 10), detail: 'low' },
    { url: 'https://example.org/x.png', detail: 'auto' },
    { file_id: 'x' },
  )
  assert.deepEqual(size.images, [
    { detail: 'high', width: 1024, height: 768 },
    ...Array.from({ length: 3 }, () => ({ detail: 'high' })),
    { detail: 'low', width: 20, height: 10 },
    { detail: 'high' },
    { detail: 'high' },
  ])
  assert.equal(remoteImages, 2)
})

test('the data of images and sound does not count as text, but a data URL in a text part does', () => {
  const url = png(10, 10)
  const short = needsOfBody({
    messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: '' } }] }],
  })
  assert.equal(images(url).size.textBytes, short.size.textBytes)
  const text = { messages: [{ role: 'user', content: [{ type: 'text', text: url, image_url: { url } }] }] }
  assert.equal(needsOfBody(text).size.textBytes, bytesOf(text).length)
  const sound = (data: string) =>
    needsOfBody({ messages: [{ role: 'user', content: [{ type: 'input_audio', input_audio: { data } }] }] })
  assert.equal(sound('A'.repeat(5_000)).size.textBytes, sound('').size.textBytes)
  assert.equal(sound('').size.unbounded, true)
  assert.equal(sound('').audio, true)
})

test('unknown parts, files and sound make the size unbounded; text, refusals and images do not', () => {
  const unbounded = (part: object) =>
    needsOfBody({ messages: [{ role: 'user', content: [part] }] }).size.unbounded
  for (const type of ['file', 'input_audio', 'video_url', 'hologram'])
    assert.equal(unbounded({ type }), true, type)
  for (const type of ['text', 'refusal', 'image_url']) assert.equal(unbounded({ type }), false, type)
  assert.equal(needsOfBody({ messages: [{ role: 'assistant', audio: { id: 'a' } }] }).size.unbounded, true)
})

test('the text bound is never below the UTF-8 bytes of the text', () => {
  const words = fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(words, fc.boolean(), (texts, parts) => {
      const messages = texts.map((text) => ({
        role: 'user',
        content: parts
          ? [
              { type: 'text', text },
              { type: 'image_url', image_url: png(9, 9) },
            ]
          : text,
      }))
      const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
      assert.ok(needsOfBody({ messages }).size.textBytes >= bytes)
    }),
  )
})

test('choices, cap, stream and usage are read as the client asked', () => {
  const asked = needsOfBody({ n: 3, max_tokens: 7, stream: true, stream_options: { include_usage: true } })
  assert.deepEqual(
    [asked.choices, asked.cap, asked.stream, asked.usageAsked],
    [3, { tokens: 7, by: 'max_tokens' }, true, true],
  )
  const both = needsOfBody({ max_tokens: 7, max_completion_tokens: 9 })
  assert.deepEqual(both.cap, { tokens: 9, by: 'max_completion_tokens' })
  const none = needsOfBody({ n: null, stream_options: { include_usage: null } })
  assert.deepEqual([none.choices, none.cap, none.stream, none.usageAsked], [1, undefined, false, false])
})

test('a need is noted once, where it first occurs', () => {
  assert.deepEqual(images(png(1, 1), png(1, 1)).hard, [
    { capability: 'images', param: 'messages[0].content[0]' },
  ])
})

test('empty or null calls in a message are not a need', () => {
  for (const calls of [null, []]) {
    const message = { role: 'assistant', content: 'x', tool_calls: calls, function_call: null, audio: null }
    assert.deepEqual(needsOfBody({ messages: [message] }).hard, [])
  }
})

test('an answer in anything but text is a need', () => {
  for (const modality of ['audio', 'image']) {
    const [need] = needsOfBody({ modalities: ['text', modality] }).hard
    assert.equal(need?.param, 'modalities')
  }
})

test('forbidding parallel calls is a need only beside tools', () => {
  const hard = (fields: object) => needsOfBody(fields).hard.map((need) => need.capability)
  assert.deepEqual(hard({ parallel_tool_calls: false, tools: [{}] }), ['tools', 'parallel_tool_calls'])
  assert.deepEqual(hard({ parallel_tool_calls: true, tools: [{}] }), ['tools'])
  assert.deepEqual(hard({ parallel_tool_calls: false }), [])
})
