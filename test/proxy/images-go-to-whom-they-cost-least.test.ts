import assert from 'node:assert/strict'
import { after, afterEach, test } from 'node:test'
import { askWhole } from '../support/client.ts'
import { openHouse } from '../support/house.ts'

// An image takes 33 times the tokens on gpt-4o-mini, so the cheap route is the expensive one for many images.

const house = await openHouse({ after })
afterEach(() => house.simulator.reset())

const FACT = { 'x-trivium-route': 'factual_recall' }

async function servedBy(images: number, text: string, headers: Readonly<Record<string, string>>) {
  const image = { type: 'image_url', image_url: { url: 'https://example.org/a.png' } }
  const content = [{ type: 'text', text }, ...Array.from({ length: images }, () => image)]
  const body = { model: 'auto', max_tokens: 100, messages: [{ role: 'user', content }] }
  const answer = await askWhole(house.chatUrl, { body, headers })
  assert.equal(answer.status, 200, answer.text())
  return answer.headers['x-trivium-model']
}

const QUESTION = 'Which river is this?'

test('a factual question without images stays on the cheap model', async () => {
  assert.equal(await servedBy(0, QUESTION, FACT), 'gpt-4o-mini')
})

test('a factual question with images goes to the model on which it is billed least', async () => {
  assert.equal(await servedBy(4, QUESTION, FACT), 'gpt-4o')
  const billed = house.simulator.billedNanoUsd()
  house.simulator.reset()
  assert.equal(await servedBy(4, QUESTION, { 'x-trivium-route': 'gpt-4o-mini' }), 'gpt-4o-mini')
  assert.ok(billed < house.simulator.billedNanoUsd())
})

test('a prompt whose text outweighs its images stays on its route’s model', async () => {
  assert.equal(await servedBy(1, 'a river, '.repeat(20_000), FACT), 'gpt-4o-mini')
})

test('the other routes do not choose by price', async () => {
  assert.equal(await servedBy(4, QUESTION, { 'x-trivium-route': 'stem_reasoning' }), 'gpt-4o')
  assert.equal(await servedBy(4, QUESTION, { 'x-trivium-route': 'language_heavy' }), 'gpt-4o')
})
