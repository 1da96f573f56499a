import { z } from 'zod'
import type { Message } from '../base/message.ts'
import { PROMPT_CLASSES } from '../base/prompt-class.ts'
import type { ExplainingClassifier } from '../classifier/classifier.ts'
import { messagesOfInput } from '../classifier/conversation/responses-input.ts'
import { type Explanation, strongestPulls } from '../classifier/explanation.ts'
import type { Verdict } from '../classifier/verdict.ts'
import { linesOf } from '../tuning/lines.ts'
import { type Command, type ExitCode, type Io, UsageError } from './command.ts'
import { CLASSIFIER_OPTIONS, openClassifier } from './files/classifier-files.ts'
import { readFlags } from './flags/flags.ts'
import { explanationPage } from './pages/explanation-page.ts'
import { wantsColour } from './terminal/colour.ts'

const Line = z.looseObject({
  id: z.union([z.string(), z.number()]).optional(),
  text: z.string().nullish(),
  messages: z
    .array(
      z.looseObject({
        role: z.string(),
        content: z.union([z.string(), z.array(z.looseObject({ type: z.string() })), z.null()]).optional(),
      }),
    )
    .nullish(),
  /** From a Responses request. */
  input: z.union([z.string(), z.array(z.unknown())]).nullish(),
})

const EXPLAINED_FEATURES = 20

export const classify: Command = {
  name: 'classify',
  summary: 'classify a prompt and show why',
  usage: `trivium classify TEXT | -  [--explain] [--json] [--config FILE]
trivium classify --jsonl   [--explain] [--config FILE]

Classifies a prompt given as an argument or, with -, on standard input.

  --jsonl         read one {"id", "messages" | "text" | "input"} per line from standard input and write
                  one {"id", "class", "confidence", "cause", "probabilities"} per line, in the same order
                  (probabilities of ${PROMPT_CLASSES.join(', ')})
  --explain       add the evidence: the rules that fired, what the model saw, the text that was read
  --json          print one JSON object
  --config FILE   take rules, weights and abstention thresholds from this configuration
  --rules FILE    use these rules instead of the shipped ones
  --weights FILE  use these weights instead of the shipped ones
`,
  async run(args, io): Promise<ExitCode> {
    const { values, positionals } = readFlags(args, {
      allowPositionals: true,
      options: {
        ...CLASSIFIER_OPTIONS,
        json: { type: 'boolean', default: false },
        jsonl: { type: 'boolean', default: false },
        explain: { type: 'boolean', default: false },
      },
    })
    if (values.jsonl ? positionals.length > 0 : positionals.length !== 1) {
      throw new UsageError('give one text, or - for standard input, or --jsonl')
    }
    const classifier = openClassifier(values, io.env)
    if (values.jsonl) return classifyLines(classifier, values.explain, io)
    const [given = ''] = positionals
    const text = given === '-' ? await wholeOf(io.stdin) : given
    const explanation = classifier.explain([{ role: 'user', content: text }])
    const colour = wantsColour(io)
    if (values.json) io.stdout.write(`${JSON.stringify(answerOf(undefined, explanation, values.explain))}\n`)
    else if (values.explain) io.stdout.write(explanationPage(explanation, colour))
    else io.stdout.write(`${summaryOf(explanation.verdict)}\n`)
    return 0
  },
}

async function classifyLines(classifier: ExplainingClassifier, explain: boolean, io: Io): Promise<ExitCode> {
  let number = 0
  for await (const line of linesOf(io.stdin)) {
    number += 1
    if (line.trim() === '') continue
    const { id, messages } = askOf(line, number)
    const answer = explain
      ? answerOf(id, classifier.explain(messages), true)
      : { id, ...verdictOf(classifier.classify(messages)) }
    if (!io.stdout.write(`${JSON.stringify(answer)}\n`)) {
      await new Promise<void>((resolve) => io.stdout.once('drain', resolve))
    }
  }
  return 0
}

function askOf(
  line: string,
  number: number,
): { id: string | number | undefined; messages: readonly Message[] } {
  let json: unknown
  try {
    json = JSON.parse(line)
  } catch {
    throw new UsageError(`standard input:${number}: is not JSON`)
  }
  const parsed = Line.safeParse(json)
  if (!parsed.success) throw new UsageError(`standard input:${number}: needs "messages", "text" or "input"`)
  const { id, messages, text, input } = parsed.data
  if (messages) return { id, messages }
  if (typeof text === 'string') return { id, messages: [{ role: 'user', content: text }] }
  if (input) return { id, messages: messagesOfInput(input) }
  throw new UsageError(`standard input:${number}: needs "messages", "text" or "input"`)
}

function verdictOf({ class: promptClass, confidence, cause, probabilities }: Verdict) {
  return { class: promptClass, confidence, cause, probabilities }
}

function answerOf(id: string | number | undefined, explanation: Explanation, explain: boolean) {
  const { verdict, text, temperature, bias, rulesVersion, weightsVersion } = explanation
  const answer = { ...(id === undefined ? {} : { id }), ...verdictOf(verdict) }
  if (!explain) return answer
  const { logits, rules, read, turnsBack } = verdict.evidence
  const pulls = strongestPulls(explanation, EXPLAINED_FEATURES)
  return {
    ...answer,
    evidence: {
      text,
      read,
      turnsBack,
      logits,
      temperature,
      bias,
      rules,
      pulls,
      rulesVersion,
      weightsVersion,
    },
  }
}

function summaryOf({ class: promptClass, confidence, cause }: Verdict): string {
  return `${promptClass}  ${(confidence * 100).toFixed(1)} %  ${cause}`
}

async function wholeOf(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('utf8')
}
