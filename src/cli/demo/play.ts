import OpenAI from 'openai'
import type { ChatCompletionCreateParamsNonStreaming } from 'openai/resources/chat/completions'
import type { House, TeamName } from './house.ts'
import { POCKET_PROMPTS, SCENARIOS, type Scenario } from './scenarios.ts'

/** The outcome of one request as its client saw it. */
export interface Played {
  readonly scenario: Scenario
  readonly team: TeamName
  /** From `x-request-id`: the id of its row in the ledger. */
  readonly id: string | undefined
  readonly status: number | 'broken off'
  /** The error's code, or the client's message if there was none. */
  readonly code: string | undefined
  readonly model: string | undefined
  readonly words: string
}

export const POCKET_GROUP = 'A team with half a cent'

/** Sends every scenario through the official client, then exhausts the small budget. */
export async function playAll(house: House): Promise<readonly Played[]> {
  const played: Played[] = []
  for (const scenario of SCENARIOS) played.push(await play(house, 'workshop', scenario))
  for (const prompt of POCKET_PROMPTS) {
    const last = await play(house, 'pocket', { group: POCKET_GROUP, prompt })
    played.push(last)
    if (last.status !== 200) break
  }
  return played
}

async function play(house: House, team: TeamName, scenario: Scenario): Promise<Played> {
  const client = house.clientOf(team)
  try {
    const { headers, words } = await (scenario.stream === true ? streamed : whole)(client, bodyOf(scenario))
    const id = headers.get('x-request-id') ?? undefined
    const model = headers.get('x-trivium-model') ?? undefined
    return { scenario, team, id, status: 200, code: undefined, model, words }
  } catch (error) {
    if (!(error instanceof OpenAI.APIError)) throw error
    const id = error.requestID ?? undefined
    return {
      scenario,
      team,
      id,
      status: error.status ?? 'broken off',
      code: error.code ?? error.message,
      model: undefined,
      words: '',
    }
  }
}

function bodyOf({ prompt, before, picture, more }: Scenario): ChatCompletionCreateParamsNonStreaming {
  const content =
    picture === undefined
      ? prompt
      : [
          { type: 'text' as const, text: prompt },
          { type: 'image_url' as const, image_url: { url: picture } },
        ]
  return { model: 'gpt-4o', ...more, messages: [...(before ?? []), { role: 'user', content }] }
}

interface Heard {
  readonly headers: Headers
  readonly words: string
}

async function whole(client: OpenAI, body: ChatCompletionCreateParamsNonStreaming): Promise<Heard> {
  const { data, response } = await client.chat.completions.create(body).withResponse()
  const message = data.choices[0]?.message
  return { headers: response.headers, words: message?.content ?? JSON.stringify(message?.tool_calls) }
}

async function streamed(client: OpenAI, body: ChatCompletionCreateParamsNonStreaming): Promise<Heard> {
  const { data, response } = await client.chat.completions.create({ ...body, stream: true }).withResponse()
  let words = ''
  for await (const chunk of data) words += chunk.choices[0]?.delta.content ?? ''
  return { headers: response.headers, words }
}
