import assert from 'node:assert/strict'
import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { crc32 } from 'node:zlib'
import { compileRules } from '../../../src/classifier/rules.ts'
import { parseRuleBook } from '../../../src/config/classifier.ts'
import { compileBook, encodeBook, FORMAT } from '../../../src/config/compiled-book.ts'
import { RuleShelf } from '../../../src/config/rule-shelf.ts'
import { directory } from './sample.ts'

/** A bit of everything that is compiled: joined parts, a part longer than the automaton follows, letter groups. */
const TEXT = `
rules:
  - id: proof
    class: stem_reasoning
    weight: 2
    languages: [en]
    reason: a proof is asked for
    patterns: ['\\bprove\\b && \\bthat\\b', '\\bq[a-zé]+ed\\b', '证明']
    example: prove that it holds
    counter_example: a story
follow_ups:
  - languages: [en]
    patterns: ['go on( please)?']
    example: go on
    counter_example: who is it
`

function candidates(t: TestContext): string {
  const data = join(directory(t), 'data')
  mkdirSync(data)
  return join(data, 'candidates')
}

function fires(book: ReturnType<typeof parseRuleBook>): string {
  const { version, fired } = compileRules(book)
  const found = ['prove it, and that', 'qaééed', '请证明', 'a story', 'prove'].map(
    (text) => fired(text).length,
  )
  return `${version} ${found}`
}

test('rules compiled once are loaded by the next process as if freshly compiled', (t) => {
  const folder = candidates(t)
  const plainly = parseRuleBook('rules.yaml', TEXT)
  parseRuleBook('rules.yaml', TEXT, new RuleShelf(folder))
  const shelf = new RuleShelf(folder)
  const again = parseRuleBook('rules.yaml', TEXT, shelf)
  assert.deepEqual(again, plainly)
  assert.equal(fires(again), fires(plainly))
  assert.match(fires(again), / 1,1,1,0,0$/)
  assert.equal(shelf.find(`${TEXT}\n# edited`), undefined)
})

test('a file that was truncated, changed or written by another program is rebuilt', (t) => {
  const folder = candidates(t)
  parseRuleBook('rules.yaml', TEXT, new RuleShelf(folder))
  const [name = ''] = readdirSync(join(folder, 'compiled'))
  const file = join(folder, 'compiled', name)
  const whole = readFileSync(file)
  const foreign = Buffer.from('....another program')
  foreign.writeUInt32LE(crc32(foreign.subarray(4)))
  const flipped = Buffer.from(whole)
  flipped[200] = (flipped[200] ?? 0) ^ 1
  for (const bytes of [whole.subarray(0, 1000), flipped, foreign, Buffer.alloc(0)]) {
    writeFileSync(file, bytes)
    const shelf = new RuleShelf(folder)
    assert.equal(shelf.find(TEXT), undefined)
    parseRuleBook('rules.yaml', TEXT, shelf)
    assert.ok(readFileSync(file).equals(whole))
  }
  appendFileSync(file, 'x')
  assert.equal(new RuleShelf(folder).find(TEXT), undefined)
})

test('keeps at most twelve files, and only a copy in memory where there is no data folder', (t) => {
  const folder = candidates(t)
  const shelf = new RuleShelf(folder)
  for (let edit = 0; edit < 15; edit += 1) parseRuleBook('rules.yaml', `${TEXT}# ${edit}\n`, shelf)
  assert.equal(readdirSync(join(folder, 'compiled')).length, 12)
  const nowhere = new RuleShelf(join(directory(t), 'no', 'such'))
  parseRuleBook('rules.yaml', TEXT, nowhere)
  assert.ok(nowhere.find(TEXT), 'it is remembered all the same')
})

test('the rules in use stay in memory, whatever is looked at beside them', () => {
  const shelf = new RuleShelf()
  const book = parseRuleBook('rules.yaml', TEXT)
  shelf.put('in use', book)
  for (const other of ['a', 'b', 'c', 'd', 'e']) {
    shelf.put(other, book)
    assert.notEqual(shelf.find('in use'), undefined, other)
  }
})

test('these rules compile to the current format; a change to it must increment FORMAT', () => {
  // Compares the values, not how this version of V8 serialises them.
  const values = JSON.stringify(compileBook(parseRuleBook('rules.yaml', TEXT)), (_, value: unknown) =>
    ArrayBuffer.isView(value) ? [...new Uint8Array(value.buffer)] : value,
  )
  assert.deepEqual([FORMAT, crc32(values)], [5, 800_300_434])
  assert.ok(encodeBook(compileBook(parseRuleBook('rules.yaml', TEXT))).length < 100_000)
})
