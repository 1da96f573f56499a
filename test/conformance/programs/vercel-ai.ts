import assert from 'node:assert/strict'
import { openai } from '@ai-sdk/openai'
import { APICallError, embedMany, generateText, isStepCount, Output, streamText, tool } from 'ai'
import { z } from 'zod'
import { play } from '../play.ts'
import { shapeOf } from '../shape.ts'
import { ask } from './question.ts'

/** The AI SDK. `openai.chat(…)` speaks chat completions, `openai(…)` the Responses API. */
const chat = openai.chat('gpt-4o')
const responses = openai('gpt-4o')
const Place = z.object({ city: z.string(), founded: z.int() })
const tools = {
  get_weather: tool({
    description: 'Tells the weather',
    inputSchema: z.object({ city: z.string() }),
    execute: () => 'sunny',
  }),
}

type Model = typeof chat | typeof responses

async function callTools(model: Model) {
  const { text, steps } = await generateText({ model, prompt: ask.weather, tools, stopWhen: isStepCount(3) })
  assert.match(text, /sunny/)
  return steps.map(({ finishReason, toolCalls }) => [finishReason, toolCalls.length])
}

async function readStream(model: Model, prompt: string) {
  const result = streamText({ model, prompt })
  let words = ''
  for await (const word of result.textStream) words += word
  return { words, finish: await result.finishReason, usage: shapeOf(await result.usage) }
}

async function writePlace(model: Model) {
  const { output } = await generateText({
    model,
    prompt: ask.place,
    output: Output.object({ schema: Place }),
  })
  return shapeOf(output)
}

await play({
  async chat() {
    const { text, finishReason } = await generateText({
      model: chat,
      system: 'You are a helpful assistant.',
      prompt: ask.fact,
      temperature: 0.2,
      maxOutputTokens: 300,
    })
    assert.match(text, /Canberra/)
    return finishReason
  },

  async stream() {
    const { words, finish } = await readStream(chat, ask.proof)
    assert.match(words, /irrational/)
    return finish
  },

  tools: () => callTools(chat),

  async 'streamed tools'() {
    const result = streamText({ model: chat, prompt: ask.weather, tools, stopWhen: isStepCount(3) })
    let words = ''
    for await (const word of result.textStream) words += word
    assert.match(words, /sunny/)
    return (await result.steps).length
  },

  schema: () => writePlace(chat),

  async vision() {
    const content = [
      { type: 'text' as const, text: ask.picture },
      { type: 'file' as const, data: Buffer.from(ask.pixels, 'base64'), mediaType: 'image/png' },
    ]
    const { text } = await generateText({ model: chat, messages: [{ role: 'user', content }] })
    assert.match(text, /square/)
    return null
  },

  async reasoning() {
    const { text } = await generateText({
      model: openai.chat('o4-mini'),
      system: 'Be brief.',
      prompt: ask.proof,
      temperature: 0.2,
      providerOptions: { openai: { reasoningEffort: 'low' } },
    })
    assert.match(text, /irrational/)
    return null
  },

  async embeddings() {
    const { embeddings, usage } = await embedMany({
      model: openai.embedding('text-embedding-3-small'),
      values: ask.texts,
    })
    assert.ok(usage.tokens > 0)
    return embeddings.map(({ length }) => length)
  },

  async responses() {
    const { text } = await generateText({ model: responses, system: 'Be brief.', prompt: ask.fact })
    assert.match(text, /Canberra/)
    return null
  },

  async 'responses stream'() {
    const { words, finish } = await readStream(responses, ask.proof)
    assert.match(words, /irrational/)
    return finish
  },

  'responses tools': () => callTools(responses),
  'responses schema': () => writePlace(responses),

  async abort() {
    const leaving = new AbortController()
    const { stream } = streamText({ model: chat, prompt: ask.endless, abortSignal: leaving.signal })
    const types: string[] = []
    for await (const { type } of stream) {
      types.push(type)
      if (type === 'text-delta') leaving.abort()
    }
    return types.at(-1)
  },

  async error() {
    const { createOpenAI } = await import('@ai-sdk/openai')
    const stranger = createOpenAI({ apiKey: ask.wrong_key })
    const refused = generateText({ model: stranger.chat('gpt-4o'), prompt: ask.fact })
    const status = await refused.then(
      () => assert.fail('it was answered'),
      (error: unknown) => (APICallError.isInstance(error) ? error.statusCode : assert.fail(String(error))),
    )
    const errors: unknown[] = []
    const broken = streamText({
      model: chat,
      prompt: ask.broken,
      onError: ({ error }) => {
        errors.push(error)
      },
    })
    return [status, await broken.finishReason, errors.length]
  },
})
