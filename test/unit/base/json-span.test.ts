import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  elementsOf,
  membersOf,
  membersOfElements,
  rootOf,
  type Span,
  splice,
} from '../../../src/base/json-span.ts'

const text = (bytes: Buffer, { start, end }: Span) => bytes.toString('utf8', start, end)

function read(source: string) {
  const bytes = Buffer.from(source)
  return membersOf(bytes, rootOf(bytes)).map((member) => [member.key, text(bytes, member)])
}

test('members are found with their values as written', () => {
  assert.deepEqual(read(' {"a": 1e400 ,\n"b":[1,{"c":"}"}],"d" :"x\\"y","e":{ },"f":null}\n'), [
    ['a', '1e400'],
    ['b', '[1,{"c":"}"}]'],
    ['d', '"x\\"y"'],
    ['e', '{ }'],
    ['f', 'null'],
  ])
  assert.deepEqual(read('{}'), [])
  assert.deepEqual(read('{ "12345678901234567890":12345678901234567890}'), [
    ['12345678901234567890', '12345678901234567890'],
  ])
})

test('a repeated key is found every time', () => {
  assert.deepEqual(
    read('{"n":1,"x":0,"n":2,"n":3}').filter(([key]) => key === 'n'),
    [
      ['n', '1'],
      ['n', '2'],
      ['n', '3'],
    ],
  )
})

test('an escaped key is decoded', () => {
  assert.deepEqual(read('{"mod\\u0065l":1,"a\\"b":2,"\\ud83d\\ude00":3,"日本":4,"":5}'), [
    ['model', '1'],
    ['a"b', '2'],
    ['😀', '3'],
    ['日本', '4'],
    ['', '5'],
  ])
})

test('strings end at their closing quote, whatever precedes it and however long they are', () => {
  for (const length of [0, 1, 30, 31, 32, 33, 34, 63, 64, 65, 200, 5_000]) {
    for (const tail of ['', '\\', '\\\\', '"', '\\"', '"\\', '","k":"', '\u2028', '😀', '\ud800']) {
      for (const fill of ['x', '\\', '"', 'é']) {
        const value = fill.repeat(length) + tail
        assert.deepEqual(read(JSON.stringify({ [value]: value, z: 1 })), [
          [value, JSON.stringify(value)],
          ['z', '1'],
        ])
      }
    }
  }
})

test('nesting of 100,000 levels is walked without recursion', () => {
  const deep = '['.repeat(100_000) + ']'.repeat(100_000)
  const objects = `${'{"a":'.repeat(100_000)}0${'}'.repeat(100_000)}`
  assert.deepEqual(read(`{"deep":${deep},"objects":${objects},"z":1}`).at(-1), ['z', '1'])
})

test('a hostile string of backslashes and quotes takes linear time', () => {
  const bytes = Buffer.from(`{"a":"${'\\"\\\\'.repeat(1_000_000)}","z":1}`)
  const before = performance.now()
  assert.equal(membersOf(bytes, 0).length, 2)
  assert.ok(performance.now() - before < 2_000)
})

test('malformed bytes end in an error, not in a loop', () => {
  for (const source of ['{', '{"a', '{"a"', '{"a":', '{"a":1', '{"a":[', '{"a":"x\\', '[1', '["a']) {
    const bytes = Buffer.from(source)
    const walk = source.startsWith('{') ? membersOf : elementsOf
    assert.throws(() => walk(bytes, 0), RangeError, source)
  }
})

test('members and elements of any document add up to the document', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), fc.constantFrom(0, 1, 3), (source, indent) => {
      const value: unknown = JSON.parse(source)
      const bytes = Buffer.from(JSON.stringify(value, null, indent))
      if (Array.isArray(value)) {
        const elements = elementsOf(bytes, 0).map((span): unknown => JSON.parse(text(bytes, span)))
        assert.deepEqual(elements, value)
      } else if (typeof value === 'object' && value !== null) {
        const members = membersOf(bytes, 0).map((m): [string, unknown] => [m.key, JSON.parse(text(bytes, m))])
        assert.deepEqual(Object.fromEntries(members), Object.fromEntries(Object.entries(value)))
      }
    }),
    { numRuns: 500 },
  )
})

test('the members of a list’s elements are the same as those read from each element alone', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), fc.constantFrom('', ' ', '\n'), (list, blank) => {
      const bytes = Buffer.from(JSON.stringify(list, null, blank))
      const open = rootOf(bytes)
      const each = elementsOf(bytes, open).map(({ start }) =>
        bytes[start] === 0x7b ? membersOf(bytes, start) : [],
      )
      assert.deepEqual(membersOfElements(bytes, open), each)
    }),
  )
})

test('splicing puts edits in place and keeps every other byte', () => {
  const bytes = Buffer.from('{"é":1,"b":2}')
  assert.equal(splice(bytes, []), bytes)
  const at = bytes.indexOf('2')
  const edited = splice(bytes, [
    { start: at + 1, end: at + 1, text: ',"c":"日"' },
    { start: at, end: at + 1, text: '' },
    { start: at, end: at, text: '33' },
  ])
  assert.equal(edited.toString(), '{"é":1,"b":33,"c":"日"}')
  assert.equal(bytes.toString(), '{"é":1,"b":2}')
})
