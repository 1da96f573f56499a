import assert from 'node:assert/strict'
import type { BaseTool, ChatMessage, LLM, ToolCallLLMMessageOptions } from '@llamaindex/core/llms'
import { OpenAI, OpenAIEmbedding, openai, openaiResponses } from '@llamaindex/openai'
import { z } from 'zod/v3'
import { play } from '../play.ts'
import { shapeOf } from '../shape.ts'
import { ask } from './question.ts'

/** LlamaIndex, whose client is the official one's fifth major. */
const chat = openai({ model: 'gpt-4o', temperature: 0.2, maxTokens: 300 })
const responses = openaiResponses({ model: 'gpt-4o' })
const user = (content: ChatMessage['content']): ChatMessage => ({ role: 'user', content })
const system: ChatMessage = { role: 'system', content: 'You are a helpful assistant.' }
const weather: BaseTool = {
  metadata: { name: 'get_weather', description: 'Tells the weather', parameters: ask.weather_parameters },
  call: () => 'sunny',
}

type Llm = LLM<object, ToolCallLLMMessageOptions>

async function callTools(llm: Llm) {
  const question = user(ask.weather)
  const { message } = await llm.chat({ messages: [question], tools: [weather] })
  const [call] =
    message.options !== undefined && 'toolCall' in message.options ? message.options.toolCall : []
  assert.ok(call !== undefined)
  const toolResult = { id: call.id, result: 'sunny', isError: false }
  const result = { role: 'user' as const, content: 'sunny', options: { toolResult } }
  const { message: last } = await llm.chat({ messages: [question, message, result], tools: [weather] })
  assert.match(String(last.content), /sunny/)
  return call.name
}

async function readStream(llm: Llm, prompt: string) {
  let words = ''
  for await (const { delta } of await llm.chat({ messages: [user(prompt)], stream: true })) words += delta
  return words
}

await play({
  async chat() {
    const { message } = await chat.chat({ messages: [system, user(ask.fact)] })
    assert.match(String(message.content), /Canberra/)
    return null
  },

  async stream() {
    assert.match(await readStream(chat, ask.proof), /irrational/)
    return null
  },

  tools: () => callTools(chat),

  async 'streamed tools'() {
    const calls: string[] = []
    const messages = [user(ask.weather)]
    for await (const { options } of await chat.chat({ messages, tools: [weather], stream: true })) {
      if (options !== undefined && 'toolCall' in options)
        calls.push(...options.toolCall.map(({ name }) => name))
    }
    return [...new Set(calls)]
  },

  async schema() {
    const responseFormat = z.object({ city: z.string(), founded: z.number().int() })
    const { message } = await chat.chat({ messages: [user(ask.place)], responseFormat })
    return shapeOf(JSON.parse(String(message.content)))
  },

  async vision() {
    const content: ChatMessage['content'] = [
      { type: 'text', text: ask.picture },
      { type: 'image_url', image_url: { url: ask.image_url } },
    ]
    const { message } = await chat.chat({ messages: [user(content)] })
    assert.match(String(message.content), /square/)
    return null
  },

  async reasoning() {
    const reasoner = openai({ model: 'o4-mini', reasoningEffort: 'low' })
    const { message } = await reasoner.chat({ messages: [user(ask.proof)] })
    assert.match(String(message.content), /irrational/)
    return null
  },

  async embeddings() {
    const embeddings = new OpenAIEmbedding({ model: 'text-embedding-3-small' })
    const vectors = await embeddings.getTextEmbeddings(ask.texts)
    return vectors.map(({ length }) => length)
  },

  async responses() {
    const { message } = await responses.chat({ messages: [system, user(ask.fact)] })
    assert.match(String(message.content), /Canberra/)
    return null
  },

  async 'responses stream'() {
    assert.match(await readStream(responses, ask.proof), /irrational/)
    return null
  },

  'responses tools': () => callTools(responses),

  async abort() {
    for await (const { delta } of await chat.chat({ messages: [user(ask.endless)], stream: true })) {
      if (delta !== '') break
    }
    return null
  },

  async error() {
    const stranger = new OpenAI({ model: 'gpt-4o', apiKey: ask.wrong_key })
    const refused = await stranger.chat({ messages: [user(ask.fact)] }).then(
      () => assert.fail('it was answered'),
      (error: object) => Reflect.get(error, 'status'),
    )
    await assert.rejects(readStream(chat, ask.broken))
    return refused
  },
})
