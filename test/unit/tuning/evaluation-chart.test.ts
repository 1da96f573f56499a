import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Evaluation, evaluate } from '../../../src/tuning/evaluate.ts'
import { chartOf } from '../../../src/tuning/evaluation-chart.ts'
import { shipped } from '../classifier/specimen.ts'

const prompt = (content: string, label: 'stem_reasoning' | 'factual_recall' | 'language_heavy') => ({
  id: undefined,
  label,
  source: 's',
  lang: 'en',
  messages: [{ role: 'user', content }],
})

const figures: Evaluation = evaluate(
  shipped(),
  [
    prompt('What is 17 times 23?', 'stem_reasoning'),
    prompt('Who wrote Moby-Dick?', 'factual_recall'),
    prompt('Write a poem about the sea', 'factual_recall'),
  ],
  [],
  () => 0,
)

test('the chart shows every count of the confusion and every band that has prompts', () => {
  const svg = chartOf(figures)
  for (const row of Object.values(figures.confusion)) {
    for (const count of Object.values(row)) assert.ok(svg.includes(`font-weight="600">${count}</text>`))
  }
  const columns = svg.match(/class="right"/g)?.length
  assert.equal(columns, figures.bands.filter(({ rows }) => rows > 0).length)
})

test('the chart is well-formed: every element is closed and no figure is missing', () => {
  const svg = chartOf(figures)
  assert.doesNotMatch(svg, /NaN|undefined|Infinity/)
  const open: string[] = []
  for (const [, close, name, selfClosing] of svg.matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/g)) {
    if (close === '/') assert.equal(open.pop(), name)
    else if (selfClosing !== '/') open.push(name ?? '')
  }
  assert.deepEqual(open, [])
})

test('a chart can be drawn without any prompts', () => {
  assert.doesNotMatch(chartOf(evaluate(shipped(), [], [], () => 0)), /NaN/)
})
