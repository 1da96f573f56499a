import assert from 'node:assert/strict'
import { globSync } from 'node:fs'
import { test } from 'node:test'
import { PROMPT_CLASSES } from '../../../src/base/prompt-class.ts'
import { type LabelledPrompt, readLabelledPrompts } from '../../../src/tuning/labelled/labelled-prompts.ts'

/** The words of a prompt, whatever their case, blanks and marks. */
function wordsOf({ messages }: LabelledPrompt): string {
  const said = messages.filter(({ role }) => role === 'user').map(({ content }) => JSON.stringify(content))
  return said
    .join('\n')
    .toLowerCase()
    .replace(/[\s\p{P}]/gu, '')
}

test('no prompt of the evaluation set is trained on, in whatever case and with whatever marks', async () => {
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

test('the evaluation set has each language and each class, evenly', async () => {
  const evaluation = await readLabelledPrompts('config/evaluation.jsonl')
  const languages = Object.groupBy(evaluation, ({ lang }) => lang)
  assert.equal(Object.keys(languages).length, 14)
  for (const [lang, prompts = []] of Object.entries(languages)) {
    for (const promptClass of PROMPT_CLASSES)
      assert.ok(prompts.filter(({ label }) => label === promptClass).length >= 9, `${lang} ${promptClass}`)
  }
})
