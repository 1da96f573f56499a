import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileBeginnings } from '../../../src/classifier/scaffolding/beginning.ts'

test('a beginning matches in any case, behind blanks and emphasis, with anything where it says *', () => {
  const begins = compileBeginnings(['Sent from my', 'von meinem * gesendet', '[read_file for*result:', 'a.b'])
  for (const text of [
    'sent from my phone',
    ' **SENT FROM MY** tablet',
    'Von meinem Telefon gesendet',
    '[read_file for "a.ts"] Result:',
    'A.B',
  ])
    assert.ok(begins(text), text)
  for (const text of ['It was sent from my phone', 'von meinem Telefon', 'result: [read_file for', 'aXb', ''])
    assert.ok(!begins(text), text)
})

test('nothing begins with one of no beginnings', () => {
  assert.ok(!compileBeginnings([])('anything'))
})

test('a beginning with many gaps takes no longer where its last piece is missing', () => {
  const begins = compileBeginnings(['a*b*c*d*e*f'])
  const hostile = `a${['b', 'c', 'd', 'e'].map((letter) => letter.repeat(180)).join('')}`
  const start = process.cpuUsage().user
  for (let round = 0; round < 100; round += 1) assert.ok(!begins(hostile))
  // Tried at every place, 100 rounds of these would take a day.
  assert.ok(process.cpuUsage().user - start < 5_000_000)
})
