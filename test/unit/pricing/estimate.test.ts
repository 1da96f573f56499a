import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { encode } from 'gpt-tokenizer/encoding/o200k_base'
import { estimateTokens } from '../../../src/pricing/estimate.ts'

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

test('stays near the exact count, rather above it than below, on what people send', () => {
  const texts = Object.entries(samples).map(([name, text]) => [name, text.repeat(8)] as const)
  const code = readFileSync(new URL('../../../src/pricing/bound.ts', import.meta.url), 'utf8')
  const base64 = randomBytes(3000).toString('base64')
  for (const [name, text] of [...texts, ['code', code] as const, ['base64', base64] as const]) {
    const ratio = estimateTokens(text) / encode(text).length
    assert.ok(ratio >= 0.85 && ratio <= 1.9, `${name}: ${ratio.toFixed(2)} of the exact count`)
  }
})

test('counts nothing in nothing', () => {
  assert.equal(estimateTokens(''), 0)
})

test('a run that stops a tokenizer for seconds takes it no longer than prose', () => {
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
