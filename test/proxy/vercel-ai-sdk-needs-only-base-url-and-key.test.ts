import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createOpenAI } from '@ai-sdk/openai'
import { APICallError, generateText, isStepCount, streamText, tool } from 'ai'
import { z } from 'zod'
import { openHouse } from '../support/house.ts'

const house = await openHouse({ after })
const openai = createOpenAI({ baseURL: house.baseUrl, apiKey: 'sk-test' })

test('generateText gets an answer with its usage', async () => {
  const { text, usage } = await generateText({
    model: openai.chat('gpt-4o'),
    prompt: 'What is the capital of Australia?',
  })
  assert.match(text, /Canberra/)
  assert.equal(usage.outputTokens, house.simulator.calls.at(-1)?.usage?.completion)
})

test('a system prompt and a temperature do not break a request that o1-mini serves', async () => {
  const { text, response } = await generateText({
    model: openai.chat('trivium/stem_reasoning'),
    system: 'Be brief.',
    temperature: 0.3,
    maxOutputTokens: 200,
    prompt: 'Prove that the square root of 2 is irrational.',
  })
  assert.match(text, /irrational/)
  assert.equal(response.headers?.['x-trivium-model'], 'o1-mini')
})

test('streamText gets every word and the finish reason', async () => {
  const { textStream, finishReason } = streamText({
    model: openai.chat('auto'),
    prompt: 'What is the capital of Australia?',
  })
  const words: string[] = []
  for await (const word of textStream) words.push(word)
  assert.ok(words.length > 5)
  assert.match(words.join(''), /Canberra/)
  assert.equal(await finishReason, 'stop')
})

test('a tool is called, and its result leads to the answer', async () => {
  const asked: string[] = []
  const { text, steps } = await generateText({
    model: openai.chat('auto'),
    prompt: 'What weather has Lyon?',
    stopWhen: isStepCount(2),
    tools: {
      get_weather: tool({
        inputSchema: z.object({ city: z.string() }),
        execute: ({ city }) => {
          asked.push(city)
          return 'sunny'
        },
      }),
    },
  })
  assert.equal(steps.length, 2)
  assert.equal(asked.length, 1)
  assert.match(text, /sunny/)
})

test('a refusal is raised with its status and not retried', async () => {
  const asking = generateText({ model: openai.chat('trivium/pin:gpt-nought'), prompt: 'Hello' })
  await assert.rejects(asking, (error) => {
    assert.ok(APICallError.isInstance(error))
    assert.equal(error.statusCode, 404)
    assert.match(error.message, /gpt-nought/)
    assert.equal(error.isRetryable, false)
    return true
  })
})

test('a stream that breaks off is an error, not a short answer', async () => {
  const errors: unknown[] = []
  const { finishReason } = streamText({
    model: openai.chat('auto'),
    prompt: 'What is the capital of Australia? [[sim:early_end]]',
    onError: ({ error }) => {
      errors.push(error)
    },
  })
  assert.equal(await finishReason, 'error')
  assert.equal(errors.length, 1)
  assert.match(JSON.stringify(errors[0]), /upstream_broken/)
})
