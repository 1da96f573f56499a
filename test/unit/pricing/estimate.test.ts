import assert from 'node:assert/strict'
import { randomBytes, randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { encode } from 'gpt-tokenizer/encoding/o200k_base'
import { estimateTokens, TokenEstimate } from '../../../src/pricing/estimate.ts'

const samples: Readonly<Record<string, string>> = {
  english:
    'Nobody was surprised when the committee, after a long debate, answered that it could not be done. ',
  french: "Pourquoi l'été a-t-il été si chaud ? Écris-moi une réponse détaillée, s'il te plaît. ",
  german: 'Die Dampfschifffahrtsgesellschaft veröffentlichte gestern überraschende Geschäftsergebnisse. ',
  chinese: '请用简单的语言解释一下量子力学中的不确定性原理，并举一个生活中的例子来帮助我理解。',
  russian: 'Объясните, пожалуйста, почему небо голубое, и приведите несколько примеров. ',
  formula: '\\sum_{n=1}^{\\infty} \\frac{1}{n^2} = \\frac{\\pi^2}{6}, \\quad e^{i\\pi} + 1 = 0. ',
  json: '{"id": 7, "name": "Zoë", "tags": ["a", "b"], "score": 0.125, "active": true}\n',
}

test('stays close to the exact count, preferably above it, on what people send', () => {
  const texts = Object.entries(samples).map(([name, text]) => [name, text.repeat(8)] as const)
  const code = readFileSync(new URL('../../../src/pricing/bound.ts', import.meta.url), 'utf8')
  const base64 = randomBytes(3000).toString('base64')
  for (const [name, text] of [...texts, ['code', code] as const, ['base64', base64] as const]) {
    const ratio = estimateTokens(text) / encode(text).length
    assert.ok(ratio >= 0.85 && ratio <= 1.9, `${name}: ${ratio.toFixed(2)} of the exact count`)
  }
})

const scripts: Readonly<Record<string, readonly [number, number]>> = {
  'small letters': [0x61, 0x7b],
  Cyrillic: [0x430, 0x450],
  Arabic: [0x627, 0x64a],
  Devanagari: [0x905, 0x939],
  Tibetan: [0xf40, 0xf6c],
  Georgian: [0x10d0, 0x10fa],
  Cherokee: [0x13a0, 0x13f0],
  'Latin with accents': [0x1e00, 0x1eff],
  braille: [0x2800, 0x28ff],
  'rare ideograms': [0x3400, 0x4db0],
  ideograms: [0x4e00, 0x9fff],
  Hangul: [0xac00, 0xd7a0],
  'private use': [0xe000, 0xf000],
  cuneiform: [0x12000, 0x12300],
  emoji: [0x1f600, 0x1f650],
}

test('estimates at least a third of the exact count in any script', () => {
  for (const [name, [from, to]] of Object.entries(scripts)) {
    const points = Array.from({ length: 2_000 }, () => from + randomInt(to - from))
    const text = String.fromCodePoint(...points)
    const ratio = estimateTokens(text) / encode(text).length
    assert.ok(ratio >= 1 / 3, `${name}: ${ratio.toFixed(2)} of the exact count`)
  }
})

test('a partial reading never underestimates the whole, and a lower limit reads further', () => {
  const text = Object.values(samples).join('').repeat(60)
  const all = estimateTokens(text)
  const prompt = new TokenEstimate(text)
  const told = [text.length, all * 2, Math.ceil(all * 1.2), all + 1, 0].map((enough) => {
    const about = prompt.within(enough)
    assert.ok(about === all || (about > all && about <= enough), `${about} of ${all}, ${enough} is enough`)
    return about
  })
  assert.ok(new Set(told).size > 2, `${told}`)
  assert.equal(told.at(-1), all)
})

test('an empty text has no tokens', () => {
  assert.equal(estimateTokens(''), 0)
})

test('a run that stalls a tokenizer for seconds takes no longer than prose', () => {
  const took = (text: string) => {
    const start = process.cpuUsage()
    for (let round = 0; round < 20; round += 1) estimateTokens(text)
    const { user, system } = process.cpuUsage(start)
    return user + system
  }
  const run = 'a'.repeat(100_000)
  const prose = 'The quick brown fox '.repeat(5000)
  took(prose)
  assert.ok(took(run) < 10 * took(prose) + 10_000)
})
