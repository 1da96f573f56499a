import assert from 'node:assert/strict'
import { Agent, OpenAIProvider, Runner, setTracingDisabled, tool } from '@openai/agents'
import { z } from 'zod'
import { play } from '../play.ts'
import { shapeOf } from '../shape.ts'
import { ask } from './question.ts'

/** OpenAI's agents, whose loop calls tools by itself: over the Responses API by default, else chat completions. */
setTracingDisabled(true)
const responses = new Runner()
const chat = new Runner({ modelProvider: new OpenAIProvider({ useResponses: false }) })

const weather = tool({
  name: 'get_weather',
  description: 'Tells the weather',
  parameters: z.object({ city: z.string() }),
  execute: () => 'sunny',
})
const helper = new Agent({ name: 'Helper', instructions: 'You are a helpful assistant.', model: 'gpt-4o' })
const forecaster = helper.clone({ name: 'Forecaster', tools: [weather] })
const historian = new Agent({
  name: 'Historian',
  instructions: 'Answer with data.',
  model: 'gpt-4o',
  outputType: z.object({ city: z.string(), founded: z.int() }),
})

async function answerOf(runner: Runner, prompt: string, expected: RegExp) {
  const { finalOutput, newItems } = await runner.run(helper, prompt)
  assert.match(finalOutput ?? '', expected)
  return newItems.map(({ type }) => type).filter((type) => type !== 'reasoning_item')
}

async function readStream(runner: Runner) {
  const stream = await runner.run(helper, ask.proof, { stream: true })
  let words = ''
  for await (const piece of stream.toTextStream()) words += piece
  await stream.completed
  assert.match(words, /irrational/)
  return null
}

async function callTools(runner: Runner) {
  const { finalOutput, newItems } = await runner.run(forecaster, ask.weather)
  assert.match(finalOutput ?? '', /sunny/)
  return newItems.map(({ type }) => type).filter((type) => type !== 'reasoning_item')
}

async function streamTools(runner: Runner) {
  const stream = await runner.run(forecaster, ask.weather, { stream: true })
  await stream.completed
  assert.match(stream.finalOutput ?? '', /sunny/)
  return null
}

async function writePlace(runner: Runner) {
  const { finalOutput } = await runner.run(historian, ask.place)
  return shapeOf(finalOutput)
}

await play({
  chat: () => answerOf(chat, ask.fact, /Canberra/),
  stream: () => readStream(chat),
  tools: () => callTools(chat),
  'streamed tools': () => streamTools(chat),
  schema: () => writePlace(chat),

  async vision() {
    const content = [
      { type: 'input_text' as const, text: ask.picture },
      { type: 'input_image' as const, image: ask.image_url },
    ]
    const { finalOutput } = await chat.run(helper, [{ role: 'user', content }])
    assert.match(finalOutput ?? '', /square/)
    return null
  },

  responses: () => answerOf(responses, ask.fact, /Canberra/),
  'responses stream': () => readStream(responses),
  'responses tools': () => callTools(responses),
  'responses schema': () => writePlace(responses),

  async abort() {
    const leaving = new AbortController()
    const stream = await chat.run(helper, ask.endless, { stream: true, signal: leaving.signal })
    for await (const _ of stream.toTextStream()) leaving.abort()
    return stream.cancelled
  },

  async error() {
    const modelProvider = new OpenAIProvider({ apiKey: ask.wrong_key, useResponses: false })
    const stranger = new Runner({ modelProvider })
    return stranger.run(helper, ask.fact).then(
      () => assert.fail('it was answered'),
      (error: object) => [error.constructor.name, Reflect.get(error, 'status')],
    )
  },
})
