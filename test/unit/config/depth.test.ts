import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { parseRuleBook } from '../../../src/config/classifier.ts'
import { tooDeepLine } from '../../../src/config/file/depth.ts'
import { loadConfig } from '../../../src/config/load.ts'
import { sample, write } from './sample.ts'

test('realistic files are not too deep', () => {
  assert.equal(tooDeepLine(readFileSync('config/rules.yaml', 'utf8')), undefined)
  const patterns = Array.from({ length: 200 }, (_, at) => `    - a[{ '[' "[" \\[${at}\n    - '[ [ ['\n`)
  assert.equal(tooDeepLine(`rules:\n  - patterns:\n${patterns.join('')}`), undefined)
  assert.equal(tooDeepLine('a: [[1, [2]], {b: [3]}]\n'.repeat(100)), undefined)
  assert.equal(
    tooDeepLine(`#${' -'.repeat(100)}\na: 1\n${' '.repeat(200)}\n${' '.repeat(200)}# b\n`),
    undefined,
  )
})

test('rules, a configuration and a catalogue nested thousands deep are refused before they are parsed', (t) => {
  const hostile = {
    dashes: `# x\n${`${'- '.repeat(3000)}\n`.repeat(100)}`,
    indentation: Array.from({ length: 1000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
    brackets: '['.repeat(200_000),
    'brackets over lines': '[\n'.repeat(100_000),
    'brackets behind comments': '[ # ]\n'.repeat(100_000),
    braces: '{a: '.repeat(100_000),
    questions: '? '.repeat(3000),
  }
  for (const [what, text] of Object.entries(hostile)) {
    assert.throws(() => parseRuleBook('rules', text), /nested too deeply/, what)
    assert.throws(() => loadConfig(write(t, text), {}), /trivium\.yaml:\d+: nested too deeply$/, what)
  }
  const config = write(t, sample())
  writeFileSync(join(dirname(config), 'models.yaml'), hostile.brackets)
  assert.throws(() => loadConfig(config, {}), /models\.yaml:1: nested too deeply$/)
})
