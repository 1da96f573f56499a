import assert from 'node:assert/strict'
import type OpenAI from 'openai'
import type { ChatCompletionMessageParam } from 'openai/resources/chat/completions'
import { play } from '../play.ts'
import { shapeOf } from '../shape.ts'
import { responsesProgram } from './openai-responses.ts'
import { ask } from './question.ts'

/** The official client. The argument is the name a major is installed under. All share the newest one's types. */
const { default: Client }: { default: typeof OpenAI } = await import(process.argv[2] ?? 'openai')
const client: OpenAI = new Client()
const model = 'gpt-4o'

const WEATHER_TOOL = {
  type: 'function' as const,
  function: { name: 'get_weather', description: 'Tells the weather', parameters: ask.weather_parameters },
}
const user = (content: string): ChatCompletionMessageParam => ({ role: 'user', content })
const system: ChatCompletionMessageParam = { role: 'system', content: 'You are a helpful assistant.' }

await play({
  async chat() {
    const answer = await client.chat.completions.create({
      model,
      messages: [system, user(ask.fact)],
      temperature: 0.2,
      max_tokens: 300,
    })
    assert.match(answer.choices[0]?.message.content ?? '', /Canberra/)
    assert.equal(answer.choices[0]?.finish_reason, 'stop')
    return shapeOf(answer)
  },

  async stream() {
    const stream = await client.chat.completions.create({
      model,
      messages: [user(ask.proof)],
      stream: true,
      stream_options: { include_usage: true },
    })
    const chunks = []
    for await (const chunk of stream) chunks.push(chunk)
    const choices = chunks.flatMap((chunk) => chunk.choices)
    assert.match(choices.map(({ delta }) => delta.content ?? '').join(''), /irrational/)
    assert.equal(choices.at(-1)?.finish_reason, 'stop')
    assert.ok((chunks.at(-1)?.usage?.total_tokens ?? 0) > 0)
    return shapeOf(chunks)
  },

  async tools() {
    const tools = [WEATHER_TOOL]
    const question = user(ask.weather)
    const first = await client.chat.completions.create({ model, messages: [system, question], tools })
    const message = first.choices[0]?.message
    const call = message?.tool_calls?.[0]
    assert.ok(message !== undefined && call?.type === 'function')
    assert.deepEqual(Object.keys(JSON.parse(call.function.arguments)), ['city'])
    const result: ChatCompletionMessageParam = { role: 'tool', tool_call_id: call.id, content: 'sunny' }
    const messages = [system, question, message, result]
    const second = await client.chat.completions.create({ model, messages, tools })
    assert.match(second.choices[0]?.message.content ?? '', /sunny/)
    return [shapeOf(first), shapeOf(second)]
  },

  async 'streamed tools'() {
    const stream = await client.chat.completions.create({
      model,
      messages: [user(ask.weather)],
      tools: [WEATHER_TOOL],
      tool_choice: 'required',
      stream: true,
    })
    let written = ''
    let finish: string | null | undefined
    for await (const { choices } of stream) {
      written += choices[0]?.delta.tool_calls?.[0]?.function?.arguments ?? ''
      finish = choices[0]?.finish_reason
    }
    assert.deepEqual(Object.keys(JSON.parse(written)), ['city'])
    return finish
  },

  async schema() {
    // The fourth major has `parse` under `beta`.
    const completions =
      'parse' in client.chat.completions
        ? client.chat.completions
        : Reflect.get(client.beta, 'chat').completions
    const answer = await completions.parse({
      model,
      messages: [user(ask.place)],
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'place', strict: true, schema: ask.place_schema },
      },
    })
    const place = JSON.parse(answer.choices[0].message.content)
    assert.ok(Number.isInteger(place.founded))
    return shapeOf(place)
  },

  async vision() {
    const content = [
      { type: 'text' as const, text: ask.picture },
      { type: 'image_url' as const, image_url: { url: ask.image_url } },
    ]
    const answer = await client.chat.completions.create({ model, messages: [{ role: 'user', content }] })
    assert.match(answer.choices[0]?.message.content ?? '', /square/)
    return shapeOf(answer)
  },

  async reasoning() {
    const answer = await client.chat.completions.create({
      model: 'o4-mini',
      messages: [{ role: 'developer', content: 'Be brief.' }, user(ask.proof)],
      reasoning_effort: 'low',
      max_completion_tokens: 4000,
    })
    assert.match(answer.choices[0]?.message.content ?? '', /irrational/)
    return shapeOf(answer)
  },

  async embeddings() {
    const input = ask.texts
    const packed = await client.embeddings.create({ model: 'text-embedding-3-small', input })
    const plain = await client.embeddings.create({
      model: 'text-embedding-3-small',
      input,
      dimensions: 256,
      encoding_format: 'float',
    })
    assert.ok(packed.data.every(({ embedding }) => embedding.length > 0))
    assert.ok(plain.data.every(({ embedding }) => embedding.length === 256))
    assert.ok(packed.usage.total_tokens > 0)
    return [shapeOf(packed), shapeOf(plain)]
  },

  ...responsesProgram(client),

  async abort() {
    const stream = await client.chat.completions.create({
      model,
      messages: [user(ask.endless)],
      stream: true,
    })
    let chunks = 0
    for await (const _ of stream) {
      chunks += 1
      if (chunks === 2) stream.controller.abort()
    }
    const leaving = AbortSignal.timeout(300)
    const messages = [user(ask.silent)]
    await assert.rejects(
      client.chat.completions.create({ model, messages }, { signal: leaving, maxRetries: 0 }),
      Client.APIUserAbortError,
    )
    return null
  },

  async error() {
    const seen = async (asking: Promise<unknown>) => {
      const error: unknown = await asking.then(
        () => assert.fail('it was answered'),
        (thrown: unknown) => thrown,
      )
      assert.ok(error instanceof Client.APIError)
      return [error.constructor.name, Reflect.get(error, 'status') ?? null]
    }
    const stranger: OpenAI = new Client({ apiKey: ask.wrong_key })
    const broken = async () => {
      const stream = await client.chat.completions.create({
        model,
        messages: [user(ask.broken)],
        stream: true,
      })
      for await (const _ of stream);
    }
    return [
      await seen(stranger.chat.completions.create({ model, messages: [user(ask.fact)] })),
      await seen(client.chat.completions.create({ model, messages: [] })),
      await seen(client.models.retrieve('gpt-nought')),
      await seen(broken()),
    ]
  },
})
