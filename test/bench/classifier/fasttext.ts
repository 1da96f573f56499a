import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { type FastTextModel, getFastTextClass, getFastTextModule } from 'fasttext.wasm.js'
import type { Message } from '../../../src/base/message.ts'
import { PROMPT_CLASSES, type PromptClass } from '../../../src/base/prompt-class.ts'
import { createClassifier } from '../../../src/classifier/classifier.ts'
import { excerptOf } from '../../../src/classifier/conversation/excerpt.ts'
import type { Classifier } from '../../../src/classifier/verdict.ts'
import { readRuleBook, readWeights } from '../../../src/config/classifier.ts'
import { evaluate } from '../../../src/tuning/evaluate.ts'
import { readLabelledPrompts } from '../../../src/tuning/labelled/labelled-prompts.ts'
import { markdown } from '../proxy/figures.ts'

const USAGE = `Usage: node test/bench/classifier/fasttext.ts --text OUT.txt TRAINING.jsonl[.gz] ...
       node test/bench/classifier/fasttext.ts --model MODEL.bin --on EVALUATION.jsonl[.gz]

The classifier that ships beside fastText's WASM build: accuracy, macro-F1 and time a decision on the same prompts in one
process. The first form writes the training prompts as fastText reads them: scripts without blanks letter by letter. Its
native build makes the model, because training in the WASM build of fasttext.wasm.js 1.0.0 ends in "Encountered NaN":

    fasttext supervised -input OUT.txt -output MODEL -dim 16 -lr 0.3 -epoch 8 -wordNgrams 2 -minn 2 -maxn 4 -bucket 1000000
`

const CONFIG = join(import.meta.dirname, '..', '..', '..', 'config')
function textOf(messages: readonly Message[]): string {
  const content = messages.findLast(({ role }) => role === 'user')?.content
  return typeof content === 'string' ? content : ''
}

/**
 * Normalises to one line in lower case, with numbers as one digit, and signs and letters of unspaced scripts
 * separated.
 */
function spelt(text: string): string {
  return excerptOf(text)
    .toLowerCase()
    .replace(/\p{Nd}+/gu, '0')
    .replace(/[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]|[^\p{L}\p{M}\p{N}\s]/gu, ' $& ')
    .replace(/\s+/g, ' ')
    .trim()
}

/** The part of fastText's model that is used here. */
type Model = Pick<FastTextModel, 'predict'>

async function readModel(file: string): Promise<Model> {
  const FastText = await getFastTextClass({ getFastTextModule })
  return new FastText().loadModel(pathToFileURL(file).href)
}

/** Wraps fastText as a classifier, so that the same code measures both. */
function fastTextClassifier(model: Model): Classifier {
  return {
    rulesVersion: '',
    weightsVersion: '',
    classify: (messages) => {
      const found = model.predict(spelt(textOf(messages)), 1, 0)
      const [confidence, name] = found.size() > 0 ? found.get(0) : [0, '']
      const promptClass: PromptClass = PROMPT_CLASSES.find((each) => name.endsWith(each)) ?? 'language_heavy'
      const evidence = { rules: [], logits: [0, 0, 0], read: { scored: 0, of: 0 }, turnsBack: 0 } as const
      return { class: promptClass, confidence, cause: 'model', probabilities: [0, 0, 0], evidence }
    },
  }
}

async function compare(on: string, modelFile: string): Promise<void> {
  const prompts = await readLabelledPrompts(on)
  const ours = createClassifier({
    rules: readRuleBook(join(CONFIG, 'rules.yaml')),
    weights: readWeights(join(CONFIG, 'classifier.bin')),
    abstainBelow: 0.5,
    abstainTo: 'language_heavy',
    remember: 0,
  })
  const contestants = { trivium: ours, fastText: fastTextClassifier(await readModel(modelFile)) }
  const rows = Object.entries(contestants).map(([name, classifier]) => {
    const figures = evaluate(classifier, prompts, [], () => performance.now())
    const { accuracy, macro_f1, by_language, microseconds } = figures
    const languages = ['en', 'fr', 'zh'].map((lang) => by_language[lang]?.macro_f1.toFixed(3) ?? '–')
    const times = [microseconds.p50.toFixed(1), microseconds.p99.toFixed(1)]
    return [name, accuracy.toFixed(3), macro_f1.toFixed(3), languages.join(' / '), ...times]
  })
  process.stdout.write(
    `${markdown([['', 'accuracy', 'macro-F1', 'en / fr / zh', 'p50 µs', 'p99 µs'], ...rows])}\n`,
  )
}

async function writeText(out: string, files: readonly string[]): Promise<void> {
  const prompts = (await Promise.all(files.map(readLabelledPrompts))).flat()
  const lines = prompts.map(({ label, messages }) => `__label__${label} ${spelt(textOf(messages))}\n`)
  writeFileSync(out, lines.join(''))
}

const { values, positionals } = parseArgs({
  options: { on: { type: 'string' }, model: { type: 'string' }, text: { type: 'string' } },
  allowPositionals: true,
})
if (values.text !== undefined && positionals.length > 0) await writeText(values.text, positionals)
else if (values.on !== undefined && values.model !== undefined) await compare(values.on, values.model)
else process.stdout.write(USAGE)
