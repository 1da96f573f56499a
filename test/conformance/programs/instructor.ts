import assert from 'node:assert/strict'
import createInstructor from '@instructor-ai/instructor'
import OpenAI from 'openai'
import { z } from 'zod/v3'
import { play } from '../play.ts'
import { shapeOf } from '../shape.ts'
import { ask } from './question.ts'

/** Instructor, which turns answers into objects by a forced tool call. */
const client = new OpenAI()
const instructor = createInstructor({ client, mode: 'TOOLS' })
const Place = z.object({ city: z.string(), founded: z.number().int() })
const response_model = { schema: Place, name: 'Place' }
const asked = (content: OpenAI.ChatCompletionUserMessageParam['content']) => ({
  model: 'gpt-4o',
  messages: [{ role: 'user' as const, content }],
})

await play({
  async chat() {
    const answer = await client.chat.completions.create(asked(ask.fact))
    assert.match(answer.choices[0]?.message.content ?? '', /Canberra/)
    return null
  },

  async stream() {
    let last: object = {}
    const partial = { ...asked(ask.place), response_model, stream: true as const, max_retries: 0 }
    for await (const place of await instructor.chat.completions.create(partial)) last = place
    return shapeOf(Place.parse(last))
  },

  async schema() {
    const place = await instructor.chat.completions.create({ ...asked(ask.place), response_model })
    return shapeOf(Place.parse(place))
  },

  async vision() {
    const picture = asked([
      { type: 'text', text: ask.picture },
      { type: 'image_url', image_url: { url: ask.image_url } },
    ])
    const place = await instructor.chat.completions.create({ ...picture, response_model })
    return shapeOf(Place.parse(place))
  },

  async error() {
    const stranger = createInstructor({ client: new OpenAI({ apiKey: ask.wrong_key }), mode: 'TOOLS' })
    return stranger.chat.completions.create({ ...asked(ask.place), response_model }).then(
      () => assert.fail('it was answered'),
      (error: object) => Reflect.get(error, 'status'),
    )
  },
})
