import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, payloads } from '../support/client.ts'
import { eventually } from '../support/eventually.ts'
import { type House, openHouse } from '../support/house.ts'

const PIECES = ['one', 'two', 'six', 'ten']
/** Without padding, frames of pieces of the same length have the same length. */
const BODY = {
  model: 'trivium/pin:gpt-4o',
  stream: true,
  stream_options: { include_obfuscation: false },
  messages: [{ role: 'user', content: 'Count.' }],
}

function askFor(house: House, options: object = {}) {
  return ask(house.chatUrl, { body: { ...BODY, stream_options: { ...BODY.stream_options, ...options } } })
}

test('a frame reaches the client before the upstream sends the next one', async (t) => {
  const house = await openHouse(t)
  house.simulator.follow(() => ({ answer: PIECES, fault: { kind: 'pause', when: 'every_frame' } }))
  const asking = askFor(house)
  house.simulator.release()
  const answer = await asking
  // The role, every piece and the finish each arrive alone, since nothing more has been sent.
  for (let frames = 1; frames <= PIECES.length + 2; frames += 1) {
    await eventually(() => (payloads(answer.text()).length >= frames ? true : undefined))
    assert.equal(payloads(answer.text()).length, frames)
    house.simulator.release()
  }
  // The usage frame, which the client did not ask for, and the end.
  house.simulator.release()
  assert.equal(await answer.ended, 'whole')
  assert.equal(payloads(answer.text()).at(-1), '[DONE]')
})

test('if the upstream pauses in the middle of a frame, the half it sent reaches the client', async (t) => {
  const house = await openHouse(t)
  house.simulator.follow(() => ({ answer: PIECES, fault: { kind: 'pause', when: 'mid_frame' } }))
  // A client that asks for usage gets every byte as it was written.
  const answer = await askFor(house, { include_usage: true })
  await eventually(() => (/\n\n.+$/.test(answer.text()) ? true : undefined))
  const paused = answer.text()
  const whole = paused.slice(0, paused.lastIndexOf('\n\n') + 2)
  const last = whole.split('\n\n').at(-2) ?? ''
  assert.equal(whole.split('\n\n').length - 1, 3)
  assert.equal(paused.length - whole.length, Math.floor((last.length + 2) / 2))
  house.simulator.release()
  assert.equal(await answer.ended, 'whole')
  assert.ok(answer.text().startsWith(paused))
})
