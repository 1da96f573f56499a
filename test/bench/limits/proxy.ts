import { setTimeout as sleep } from 'node:timers/promises'
import { ask } from '../../support/client.ts'
import { openHouse } from '../../support/house.ts'
import { chatBody } from '../../support/written-upstream.ts'
import type { Admission } from './windows.ts'

/** Clients that never pause, whatever they are told to wait. */
const CLIENTS = 30
const LONGEST_PAUSE_MS = 150
/** How long an answer takes; while in flight it holds its whole cap. */
const ANSWER_MS = 2_000
const WORDS = 'Tell me how rivers find their way to the sea, and what they carry there. '

/**
 * Puts pressure on the whole proxy with prompts of many lengths against one limit of tokens per minute;
 * answers are a dozen tokens long, whatever `maxTokens` says. Returns what each request actually used,
 * according to its row.
 */
export async function pressOnProxy(
  tokensPerMinute: number,
  seconds: number,
  maxTokens?: number,
): Promise<readonly Admission[]> {
  const ends: (() => Promise<void>)[] = []
  const scope = { after: (end: () => Promise<void>) => ends.push(end) }
  const house = await openHouse(scope, { team: { limits: { tokens_per_minute: tokensPerMinute } } })
  house.simulator.follow(() => ({ fault: { kind: 'pause', when: 'mid_frame' } }))
  const until = performance.now() + seconds * 1000
  const press = async (client: number) => {
    const content = WORDS.repeat(1 + (client % 20))
    const asked = { messages: [{ role: 'user', content }], stream: true }
    const body = chatBody(maxTokens === undefined ? asked : { ...asked, max_tokens: maxTokens })
    while (performance.now() < until) {
      const { status, headers, ended } = await ask(house.chatUrl, { body })
      const isServed = status === 200
      await sleep(isServed ? ANSWER_MS : Math.min(LONGEST_PAUSE_MS, Number(headers['retry-after-ms'])))
      if (isServed) house.simulator.release()
      await ended
    }
  }
  try {
    await Promise.all(Array.from({ length: CLIENTS }, (_, client) => press(client)))
    await sleep(500)
    return house.rows().flatMap(({ at, ms_proxy, input_tokens, output_tokens }) => {
      const tokens = (input_tokens ?? 0) + (output_tokens ?? 0)
      return tokens === 0 ? [] : [{ asked: at, told: at + (ms_proxy ?? 0) + 1, tokens }]
    })
  } finally {
    for (const end of ends) await end()
  }
}
