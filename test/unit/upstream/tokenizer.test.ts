import assert from 'node:assert/strict'
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import { O200K_TOKEN_SPLIT_REGEX } from 'gpt-tokenizer/encodingParams/constants'
import { BytePairs } from '../../../src/upstream/byte-pairs.ts'
import { NO_RANK, TokenTable } from '../../../src/upstream/token-table.ts'
import { WorkerTokenizer } from '../../../src/upstream/tokenizer.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

const root = new URL('../../../', import.meta.url)
const table = new TokenTable(new URL(import.meta.resolve('gpt-tokenizer/data/o200k_base.tiktoken')))
const pairs = new BytePairs(table, O200K_TOKEN_SPLIT_REGEX)

const tokenizer = new WorkerTokenizer()
after(() => tokenizer.close())

/** The count by the library that the token list comes from, with special tokens taken as text. */
function counted(text: string): number {
  return countTokens(text, { disallowedSpecial: new Set() })
}

test('agrees with the library in every training language, code, Markdown, YAML and JSON', () => {
  const patterns = ['config/training/*.jsonl', 'config/*.yaml', 'docs/*.md', 'src/flow/*.ts']
  const files = globSync(patterns, { cwd: root })
  assert.ok(files.length > 50)
  for (const file of files) {
    const text = readFileSync(new URL(file, root), 'utf8').slice(0, 5_000)
    assert.equal(pairs.count(text), counted(text), file)
  }
})

test('agrees with the library on arbitrary code units, lone surrogates and special token names', () => {
  const bits = fc.oneof(
    fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
    fc.array(fc.integer({ min: 0, max: 0x10ffff })).map((points) => String.fromCodePoint(...points)),
    fc.array(fc.integer({ min: 0, max: 0x24f })).map((points) => String.fromCodePoint(...points)),
    fc.constantFrom('<|endoftext|>', '<|im_start|>', '\r\n', '   ', "'LL", 'HTTPServer', '0123456789', '😀'),
  )
  fc.assert(
    fc.property(fc.array(bits), (some) => {
      // The library's decoder swallows this mark, so it does not know the tokens that begin with it.
      const text = some.join('').replaceAll('\ufeff', '')
      assert.equal(pairs.count(text), counted(text))
    }),
    { numRuns: 300 },
  )
})

test('tokens that begin with a byte order mark count as the list says', () => {
  const known = Object.entries({ '\ufeff': 1, '\ufeffusing': 1, '\ufeff\ufeff': 1, 'a\ufeffb': 3 })
  for (const [text, tokens] of known) assert.equal(pairs.count(text), tokens, JSON.stringify(text))
})

test('splits endless words to avoid quadratic time, and errs upwards', () => {
  const mostMore = (bytes: number) => 2 * Math.ceil(bytes / 512)
  for (const [unit, times] of [
    ['a', 2_000],
    ['é', 1_000],
    [' ', 2_000],
    ['ab', 1_000],
    ['!?', 1_000],
  ] as const) {
    const text = unit.repeat(times)
    const exact = counted(text)
    const ours = pairs.count(text)
    assert.ok(
      ours >= exact && ours <= exact + mostMore(Buffer.byteLength(text)),
      `${unit}: ${ours}, not ${exact}`,
    )
  }
})

test('a table is read to its end with or without a final line break, even with one as a token', () => {
  const folder = temporaryDirectory()
  after(() => folder.dispose())
  const tokens = ['\n', ...Array.from({ length: 9_999 }, (_, number) => String(number))]
  const lines = tokens.map((token, rank) => `${Buffer.from(token).toString('base64')} ${rank}`)
  for (const end of ['', '\n']) {
    const file = join(folder.path, `tokens${end.length}`)
    writeFileSync(file, lines.join('\n') + end)
    const read = new TokenTable(pathToFileURL(file))
    const rankOf = (text: string) => read.rankOf(Buffer.from(text), 0, text.length)
    assert.deepEqual(
      tokens.map(rankOf),
      tokens.map((_, rank) => rank),
    )
    assert.equal(rankOf('none'), NO_RANK)
  }
})

test('each of many concurrent texts gets its own count', async () => {
  const texts = Array.from({ length: 200 }, (_, number) => 'one two three four five '.repeat(5 + number))
  const counts = await Promise.all(texts.map((text) => tokenizer.count(text)))
  assert.deepEqual(counts, texts.map(counted))
})

test('text beyond the longest counted length is counted by its bytes', async () => {
  const whole = 'word '.repeat(60_000)
  assert.equal(
    await tokenizer.count(whole),
    counted(whole.slice(0, 262_144)) + Buffer.byteLength(whole.slice(262_144)),
  )
})

test('texts beyond the queue limit are counted by their bytes until there is room again', async () => {
  const text = 'word '.repeat(52_428)
  const counts = await Promise.all(Array.from({ length: 20 }, () => tokenizer.count(text)))
  const [tokens, bytes] = [counted(text), Buffer.byteLength(text)]
  assert.deepEqual(counts, [...Array(16).fill(tokens), ...Array(4).fill(bytes)])
  assert.equal(await tokenizer.count(text), tokens)
})

test('texts still waiting at close are counted by their bytes', async () => {
  const closed = new WorkerTokenizer()
  const texts = ['one two three '.repeat(20), 'four five six '.repeat(30)]
  const counts = texts.map((text) => closed.count(text))
  await closed.close()
  assert.deepEqual(
    await Promise.all(counts),
    texts.map((text) => Buffer.byteLength(text)),
  )
})
