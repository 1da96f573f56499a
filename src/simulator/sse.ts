import type { Choice, Completion } from './chat.ts'
import { logprob, toolCallObject } from './chat.ts'
import type { ChatRequest } from './chat-request.ts'
import { type Random, word } from './random.ts'
import { DONE, type Step, type Steps } from './steps.ts'
import { piecesOf } from './tokens.ts'
import { usageObject } from './usage.ts'

/** Maximum padding that hides a chunk's true length from an eavesdropper. */
const MOST_PADDING = 14

interface Delta {
  readonly index: number
  readonly delta: object
  readonly logprobs: object | null
  readonly finish: string | null
  readonly tokens: number
}

/**
 * The answer as stream frames, in the vendor's order: for every choice a role chunk, one chunk per token and
 * a finish chunk (choices alternate), the usage chunk if requested, then `[DONE]`. Padding is on unless
 * switched off.
 */
export function* frames(completion: Completion, request: ChatRequest, random: Random): Steps {
  const { id, created, model, fingerprint } = completion
  const withUsage = request.stream_options?.include_usage === true
  const padded = request.stream_options?.include_obfuscation !== false
  const opening = {
    id,
    object: 'chat.completion.chunk',
    created,
    model: model.dated,
    service_tier: 'default',
    system_fingerprint: fingerprint,
  }
  const frame = (rest: object, tokens: number): Step => {
    const padding = padded ? { obfuscation: word(random, Math.floor(random() * MOST_PADDING)) } : {}
    const text = `data: ${JSON.stringify({ ...opening, ...rest, ...padding })}\n\n`
    return { do: 'write', bytes: Buffer.from(text), tokens }
  }
  for (const { index, delta, logprobs, finish, tokens } of inTurns(completion)) {
    const choices = [{ index, delta, logprobs, finish_reason: finish }]
    yield frame(withUsage ? { choices, usage: null } : { choices }, tokens)
  }
  if (withUsage) yield frame({ choices: [], usage: usageObject(completion.count) }, 0)
  yield { do: 'write', bytes: DONE, tokens: 0 }
}

/** The choices' deltas, one from each choice in turn, until all have finished. */
function* inTurns({ choices, logprobs }: Completion): Iterable<Delta> {
  let running = choices.map((choice, index) => deltas(choice, index, logprobs))
  while (running.length > 0) {
    const going: Generator<Delta>[] = []
    for (const choice of running) {
      const { done, value } = choice.next()
      if (done === true) continue
      yield value
      going.push(choice)
    }
    running = going
  }
}

function* deltas(choice: Choice, index: number, withLogprobs: boolean): Generator<Delta> {
  const plain = { index, logprobs: null, finish: null, tokens: 0 }
  const call = choice.toolCall
  if (call === undefined) {
    yield { ...plain, delta: { role: 'assistant', content: '', refusal: null } }
    for (const content of choice.pieces) {
      const logprobs = withLogprobs ? { content: [logprob(content)], refusal: null } : null
      yield { ...plain, delta: { content }, logprobs, tokens: 1 }
    }
  } else {
    const first = { index: 0, ...toolCallObject({ ...call, arguments: '' }) }
    yield { ...plain, delta: { role: 'assistant', content: null, tool_calls: [first], refusal: null } }
    for (const piece of piecesOf(call.arguments)) {
      yield { ...plain, delta: { tool_calls: [{ index: 0, function: { arguments: piece } }] }, tokens: 1 }
    }
  }
  yield { ...plain, delta: {}, finish: choice.finish }
}
