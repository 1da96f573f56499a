import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { ConfigError } from '../../../src/config/file/config-error.ts'
import { parseFile } from '../../../src/config/file/parse.ts'
import { Settings } from '../../../src/config/schema/schema.ts'

const shipped = readFileSync('config/trivium.yaml', 'utf8')
const SECRET = 'c0rrect-h0rse'

/** Parses and returns what was wrong. Anything but a ConfigError is a bug and fails the test. */
function wrongWith(text: string): string {
  try {
    parseFile(Settings, { file: 'f.yaml', text, env: { OPENAI_API_KEY: SECRET } })
    return ''
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error))
    assert.ok(error.problems.length > 0)
    return error.message
  }
}

test('reports any damage to the file as problems that name it and reveal no secret', () => {
  const damage = fc.record({
    at: fc.nat(shipped.length - 1),
    cut: fc.nat(12),
    put: fc.stringMatching(/^[\n\t :,[\]{}&*!|>'"%@`#$a1~-]{0,4}$/),
  })
  fc.assert(
    fc.property(damage, ({ at, cut, put }) => {
      const message = wrongWith(shipped.slice(0, at) + put + shipped.slice(at + cut))
      for (const line of message.split('\n').filter((text) => text !== ''))
        assert.match(line, /^f\.yaml(:\d+)?: ./)
      assert.ok(!message.includes(SECRET))
    }),
    { numRuns: 150 },
  )
})

test('reports problems for any text at all', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), (text) => {
      assert.notEqual(wrongWith(text), '')
    }),
    { numRuns: 100 },
  )
})
