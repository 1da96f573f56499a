import assert from 'node:assert/strict'
import { after, afterEach, test } from 'node:test'
import { askWhole } from '../support/client.ts'
import { openHouse } from '../support/house.ts'

// The upstream counts tokens and answers 400 to a prompt that is too long, so prompts are estimated first.
// Bytes would not do: a token is few bytes of Chinese but many of base64, and a client that escapes letters
// sends six bytes for each.

const house = await openHouse(
  { after },
  {
    settings: {
      routes: {
        stem_reasoning: ['gpt-4.1'],
        factual_recall: ['gpt-4o-mini'],
        language_heavy: ['gpt-4o'],
      },
    },
  },
)
const { simulator } = house
afterEach(() => simulator.reset())

const LANGUAGE = { 'x-trivium-route': 'language_heavy' }
const TOOL = { type: 'function', function: { name: 'look_up', parameters: { type: 'object' } } }

async function servedBy(text: string, fields: object = {}, write = JSON.stringify): Promise<unknown> {
  const body = write({ model: 'auto', messages: [{ role: 'user', content: text }], ...fields })
  const answer = await askWhole(house.chatUrl, { body, headers: LANGUAGE })
  assert.equal(answer.status, 200, answer.text().slice(0, 400))
  assert.ok(simulator.calls.every(({ status }) => status === 200))
  return answer.headers['x-trivium-model']
}

/** As Python's `json.dumps` writes by default. */
function escaped(value: unknown): string {
  return JSON.stringify(value).replace(
    /[^ -~]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

const CHINESE = '请用简单的语言解释一下不确定性原理，并举一个例子。'

test('four hundred thousand bytes of prose stay on their route’s model', async () => {
  assert.equal(await servedBy('Nobody was surprised that it could not be done. '.repeat(8_300)), 'gpt-4o')
})

test('escaped letters are counted as the letters they stand for', async () => {
  const text = CHINESE.repeat(2_400)
  assert.ok(escaped({ text }).length > 300_000)
  assert.equal(await servedBy(text, {}, escaped), 'gpt-4o')
  assert.equal(await servedBy(text, { tools: [TOOL] }, escaped), 'gpt-4o')
})

test('a prompt that does not fit goes to a model with a longer context, on whichever route', async () => {
  assert.equal(await servedBy('word '.repeat(150_000)), 'gpt-4.1')
  assert.equal(await servedBy(`${CHINESE.repeat(6_000)}`), 'gpt-4.1')
})

test('a prompt that fits no model is refused with the vendor’s error, and no upstream is asked', async () => {
  const messages = [{ role: 'user', content: 'one two three four '.repeat(900_000) }]
  const answer = await askWhole(house.chatUrl, { body: { model: 'auto', messages }, headers: LANGUAGE })
  assert.equal(answer.status, 400)
  assert.match(answer.text(), /"code": ?"context_length_exceeded"/)
  assert.match(answer.text(), /1047576 tokens/)
  assert.equal(simulator.calls.length, 0)
})
