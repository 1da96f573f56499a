import assert from 'node:assert/strict'
import { HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages'
import { tool } from '@langchain/core/tools'
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai'
import { z } from 'zod'
import { play } from '../play.ts'
import { shapeOf } from '../shape.ts'
import { ask } from './question.ts'

/** LangChain, which wraps the official client and retries by itself. */
const model = new ChatOpenAI({ model: 'gpt-4o', temperature: 0.2, maxTokens: 300 })
const responses = new ChatOpenAI({ model: 'gpt-4o', useResponsesApi: true })
const Place = z.object({ city: z.string(), founded: z.int() })
const weather = tool(() => 'sunny', {
  name: 'get_weather',
  description: 'Tells the weather',
  schema: z.object({ city: z.string() }),
})

async function callTools(chat: ChatOpenAI) {
  const able = chat.bindTools([weather])
  const question = new HumanMessage(ask.weather)
  const first = await able.invoke([question])
  const [call] = first.tool_calls ?? []
  assert.ok(call?.id !== undefined)
  const result = new ToolMessage({
    tool_call_id: call.id,
    content: String(await weather.invoke({ city: 'Lyon' })),
  })
  const second = await able.invoke([question, first, result])
  assert.match(second.text, /sunny/)
  return [call.name, Object.keys(call.args), second.tool_calls?.length]
}

async function readStream(chat: ChatOpenAI) {
  let words = ''
  let usage: unknown
  for await (const chunk of await chat.stream(ask.proof)) {
    words += chunk.text
    usage = chunk.usage_metadata ?? usage
  }
  assert.match(words, /irrational/)
  assert.ok(usage !== undefined, 'it told no usage')
  return null
}

await play({
  async chat() {
    const answer = await model.invoke([
      new SystemMessage('You are a helpful assistant.'),
      new HumanMessage(ask.fact),
    ])
    assert.match(answer.text, /Canberra/)
    assert.ok(answer.usage_metadata !== undefined, 'it told no usage')
    return answer.response_metadata.finish_reason
  },

  stream: () => readStream(model),
  tools: () => callTools(model),

  async 'streamed tools'() {
    let whole: Awaited<ReturnType<typeof model.invoke>> | undefined
    for await (const chunk of await model.bindTools([weather]).stream(ask.weather)) {
      whole = whole === undefined ? chunk : whole.concat(chunk)
    }
    return whole?.tool_calls?.map(({ name, args }) => [name, Object.keys(args)])
  },

  async schema() {
    return shapeOf(await model.withStructuredOutput(Place).invoke(ask.place))
  },

  async vision() {
    const content = [
      { type: 'text', text: ask.picture },
      { type: 'image_url', image_url: { url: ask.image_url } },
    ]
    const answer = await model.invoke([new HumanMessage({ content })])
    assert.match(answer.text, /square/)
    return null
  },

  async reasoning() {
    const reasoner = new ChatOpenAI({ model: 'o4-mini', reasoning: { effort: 'low' } })
    const answer = await reasoner.invoke([new SystemMessage('Be brief.'), new HumanMessage(ask.proof)])
    assert.match(answer.text, /irrational/)
    return null
  },

  async embeddings() {
    const embeddings = new OpenAIEmbeddings({ model: 'text-embedding-3-small' })
    const vectors = await embeddings.embedDocuments(ask.texts)
    return vectors.map(({ length }) => length)
  },

  async responses() {
    const answer = await responses.invoke([new SystemMessage('Be brief.'), new HumanMessage(ask.fact)])
    assert.match(answer.text, /Canberra/)
    return null
  },

  'responses stream': () => readStream(responses),
  'responses tools': () => callTools(responses),

  async 'responses schema'() {
    return shapeOf(await responses.withStructuredOutput(Place).invoke(ask.place))
  },

  async abort() {
    const leaving = new AbortController()
    const stream = await model.stream(ask.endless, { signal: leaving.signal })
    const reading = async () => {
      for await (const chunk of stream) if (chunk.text !== '') leaving.abort()
    }
    return reading().then(
      () => 'ended',
      (error: unknown) => (error instanceof Error ? error.name : error),
    )
  },

  async error() {
    const stranger = new ChatOpenAI({ model: 'gpt-4o', apiKey: ask.wrong_key, maxRetries: 0 })
    const refused = await stranger.invoke(ask.fact).then(
      () => assert.fail('it was answered'),
      (error: object) => [Reflect.get(error, 'status'), Reflect.get(error, 'lc_error_code')],
    )
    const reading = async () => {
      for await (const _ of await model.stream(ask.broken));
    }
    await assert.rejects(reading())
    return refused
  },
})
