import { z } from 'zod'
import { answerTo } from '../answers.ts'
import { piecesOf, tokensOf } from '../tokens.ts'
import { unknownModel } from '../wire-error.ts'
import { type Answer, type Ask, bodyOf, events, json, newId, type Operation, Refused } from './answer.ts'

/** Nano-dollars per token, in and out, from the vendor's price list. */
const PRICES: Readonly<Record<string, { readonly input: number; readonly output: number }>> = {
  'text-embedding-3-small': { input: 20, output: 0 },
  'text-embedding-3-large': { input: 130, output: 0 },
  'text-embedding-ada-002': { input: 100, output: 0 },
  'gpt-3.5-turbo-instruct': { input: 1500, output: 2000 },
}

const Prompt = z.union([
  z.string(),
  z.array(z.string()).min(1),
  z.array(z.int()).min(1),
  z.array(z.array(z.int()).min(1)).min(1),
])

const Embedding = z.strictObject({
  model: z.string(),
  input: Prompt,
  encoding_format: z.enum(['float', 'base64']).optional(),
  dimensions: z.int().min(1).optional(),
  user: z.string().optional(),
})

const Completion = z.strictObject({
  model: z.string(),
  prompt: Prompt.nullish(),
  best_of: z.int().min(1).max(20).nullish(),
  echo: z.boolean().nullish(),
  frequency_penalty: z.number().nullish(),
  logit_bias: z.record(z.string(), z.int()).nullish(),
  logprobs: z.int().min(0).max(5).nullish(),
  max_tokens: z.int().min(0).nullish(),
  n: z.int().min(1).max(128).nullish(),
  presence_penalty: z.number().nullish(),
  seed: z.int().nullish(),
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z
    .strictObject({ include_usage: z.boolean().optional(), include_obfuscation: z.boolean().optional() })
    .nullish(),
  suffix: z.string().nullish(),
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
  user: z.string().optional(),
})

const Moderation = z.strictObject({
  model: z.string().optional(),
  input: z.union([z.string(), z.array(z.union([z.string(), z.looseObject({ type: z.string() })]))]),
})

export const textOperations: readonly Operation[] = [
  { method: 'POST', path: '/embeddings', answer: embed },
  { method: 'POST', path: '/completions', answer: complete },
  { method: 'POST', path: '/moderations', answer: moderate },
]

function embed(ask: Ask): Answer {
  const request = bodyOf(ask, Embedding)
  const inputs = listOf(request.input)
  const tokens = inputs.reduce<number>((sum, each) => sum + tokensIn(each), 0)
  bill(ask, request.model, tokens, 0)
  const data = inputs.map((_, index) => {
    const vector = Float32Array.from({ length: request.dimensions ?? 8 }, () => ask.random() - 0.5)
    const embedding =
      request.encoding_format === 'base64' ? Buffer.from(vector.buffer).toString('base64') : [...vector]
    return { object: 'embedding', index, embedding }
  })
  const usage = { prompt_tokens: tokens, total_tokens: tokens }
  return json({ object: 'list', data, model: request.model, usage })
}

function complete(ask: Ask): Answer {
  const request = bodyOf(ask, Completion)
  const prompts = listOf(request.prompt ?? '')
  const promptTokens = prompts.reduce<number>((sum, each) => sum + tokensIn(each), 0)
  const choices = prompts.flatMap((prompt) =>
    Array.from({ length: request.n ?? 1 }, () => choose(prompt, request.max_tokens ?? 16)),
  )
  const completionTokens = choices.reduce((sum, { pieces }) => sum + pieces.length, 0)
  bill(ask, request.model, promptTokens, completionTokens)
  const base = { id: newId(ask, 'cmpl-'), object: 'text_completion', created: ask.now, model: request.model }
  const usage = {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  }
  if (request.stream !== true) {
    const told = choices.map(({ pieces, finish }, index) => ({
      text: pieces.join(''),
      index,
      logprobs: null,
      finish_reason: finish,
    }))
    return json({ ...base, choices: told, usage })
  }
  const frames = choices.flatMap(({ pieces, finish }, index) => [
    ...pieces.map((text) => ({ ...base, choices: [{ text, index, logprobs: null, finish_reason: null }] })),
    { ...base, choices: [{ text: '', index, logprobs: null, finish_reason: finish }] },
  ])
  const last = request.stream_options?.include_usage === true ? [{ ...base, choices: [], usage }] : []
  return events([...frames, ...last, '[DONE]'].map((data) => ({ data })))
}

function choose(prompt: string | readonly number[], cap: number) {
  const pieces = piecesOf(answerTo(typeof prompt === 'string' ? prompt : ''))
  return { pieces: pieces.slice(0, cap), finish: pieces.length > cap ? 'length' : 'stop' }
}

function moderate(ask: Ask): Answer {
  const { model = 'omni-moderation-latest', input } = bodyOf(ask, Moderation)
  const inputs = Array.isArray(input) ? input : [input]
  const categories = { harassment: false, hate: false, violence: false }
  const results = inputs.map(() => ({
    flagged: false,
    categories,
    category_scores: { harassment: 0.0001, hate: 0.0001, violence: 0.0001 },
    category_applied_input_types: { harassment: ['text'], hate: ['text'], violence: ['text'] },
  }))
  return json({ id: newId(ask, 'modr-'), model, results })
}

/** The individual prompts: texts, or lists of tokens. */
function listOf(prompt: z.infer<typeof Prompt>): readonly (string | readonly number[])[] {
  if (typeof prompt === 'string') return [prompt]
  const tokens = prompt.filter((each) => typeof each === 'number')
  return tokens.length > 0 ? [tokens] : prompt.filter((each) => typeof each !== 'number')
}

function tokensIn(prompt: string | readonly number[]): number {
  return typeof prompt === 'string' ? tokensOf(prompt) : prompt.length
}

function bill({ bill: book, call }: Ask, model: string, input: number, output: number): void {
  const price = Object.hasOwn(PRICES, model) ? PRICES[model] : undefined
  if (price === undefined) throw new Refused(unknownModel(model))
  book.book(call, model, input * price.input + output * price.output)
}
