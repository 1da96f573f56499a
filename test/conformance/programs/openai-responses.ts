import assert from 'node:assert/strict'
import type OpenAI from 'openai'
import { shapeOf } from '../shape.ts'
import type { Program } from '../step.ts'
import { ask } from './question.ts'

const model = 'gpt-4o'
const tools = [
  {
    type: 'function' as const,
    name: 'get_weather',
    description: 'Tells the weather',
    parameters: ask.weather_parameters,
    strict: true,
  },
]

/** The official client's steps that use the Responses API, which was added late in the fourth major. */
export function responsesProgram(client: OpenAI): Program {
  return {
    async responses() {
      const answer = await client.responses.create({ model, instructions: 'Be brief.', input: ask.fact })
      assert.match(answer.output_text, /Canberra/)
      assert.equal(answer.status, 'completed')
      const again = await client.responses.create({
        model,
        previous_response_id: answer.id,
        input: ask.proof,
        max_output_tokens: 2000,
      })
      assert.match(again.output_text, /irrational/)
      const kept = await client.responses.retrieve(answer.id)
      assert.equal(kept.id, answer.id)
      return shapeOf(answer.usage)
    },

    async 'responses stream'() {
      const stream = await client.responses.create({ model, input: ask.proof, stream: true })
      let words = ''
      let ended: unknown
      const types = new Set<string>()
      for await (const event of stream) {
        types.add(event.type)
        if (event.type === 'response.output_text.delta') words += event.delta
        if (event.type === 'response.completed') ended = shapeOf(event.response.usage)
      }
      assert.match(words, /irrational/)
      assert.ok(ended !== undefined, 'it was never completed')
      return [[...types].sort(), ended]
    },

    async 'responses tools'() {
      const first = await client.responses.create({ model, input: ask.weather, tools })
      const call = first.output.find((item) => item.type === 'function_call')
      assert.ok(call?.type === 'function_call')
      const output = { type: 'function_call_output' as const, call_id: call.call_id, output: 'sunny' }
      const second = await client.responses.create({
        model,
        previous_response_id: first.id,
        input: [output],
        tools,
      })
      assert.match(second.output_text, /sunny/)
      const whole = await client.responses.create({
        model,
        input: [{ role: 'user', content: ask.weather }, call, output],
        tools,
      })
      assert.match(whole.output_text, /sunny/)
      return second.output.map(({ type }) => type).filter((type) => type !== 'reasoning')
    },

    async 'responses schema'() {
      const answer = await client.responses.create({
        model,
        input: ask.place,
        text: { format: { type: 'json_schema', name: 'place', strict: true, schema: ask.place_schema } },
      })
      return shapeOf(JSON.parse(answer.output_text))
    },
  }
}
