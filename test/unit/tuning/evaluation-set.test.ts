import assert from 'node:assert/strict'
import { globSync } from 'node:fs'
import { test } from 'node:test'
import { PROMPT_CLASSES } from '../../../src/base/prompt-class.ts'
import { type LabelledPrompt, readLabelledPrompts } from '../../../src/tuning/labelled/labelled-prompts.ts'

/** The text of a prompt without case, spaces and punctuation. */
function wordsOf({ messages }: LabelledPrompt): string {
  const said = messages.filter(({ role }) => role === 'user').map(({ content }) => JSON.stringify(content))
  return said
    .join('\n')
    .toLowerCase()
    .replace(/[\s\p{P}]/gu, '')
}

test('no prompt of the evaluation set is in the training data, even in other case or punctuation', async () => {
  const evaluation = await readLabelledPrompts('config/evaluation.jsonl')
  const words = new Set(evaluation.map(wordsOf))
  assert.equal(words.size, evaluation.length, 'one stands there twice')
  const files = globSync('config/training/*.jsonl')
  assert.ok(files.length >= 14)
  for (const file of files) {
    const known = (await readLabelledPrompts(file)).filter((prompt) => words.has(wordsOf(prompt)))
    assert.deepEqual(
      known.map(({ id }) => id),
      [],
      file,
    )
  }
})

test('the evaluation set has at least nine prompts of each class in each language', async () => {
  const evaluation = await readLabelledPrompts('config/evaluation.jsonl')
  const languages = Object.groupBy(evaluation, ({ lang }) => lang)
  assert.equal(Object.keys(languages).length, 14)
  for (const [lang, prompts = []] of Object.entries(languages)) {
    for (const promptClass of PROMPT_CLASSES)
      assert.ok(prompts.filter(({ label }) => label === promptClass).length >= 9, `${lang} ${promptClass}`)
  }
})
