import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askWhole } from '../support/client.ts'
import { openHouse } from '../support/house.ts'
import { chatBody } from '../support/written-upstream.ts'
import { shipped } from '../unit/classifier/specimen.ts'

const CONVERSATIONS = [
  ['Prove that the square root of 2 is irrational'],
  ['Who wrote Moby-Dick?'],
  ['写一首关于秋天的诗'],
  ['Résous l’équation 3x + 4 = 19', 'et pour 5x + 4 = 19 ?'],
  ['A train leaves at noon at 80 km/h. When does it arrive 200 km away?', 'why?', 'go on'],
  ['\ud800 lone surrogates \udfff and \u0301combining marks'],
  [
    `${'a long introduction that matters little, with many words in it. '.repeat(60)}What is the capital of Peru?`,
  ],
  ['hm'],
]

test('the same text and versions give a row’s class, confidence and evidence again, bit for bit', async (t) => {
  const house = await openHouse(t)
  const classifier = shipped()
  for (const turns of CONVERSATIONS) {
    const messages = turns.flatMap((content, index) => [
      ...(index > 0 ? [{ role: 'assistant', content: 'Here you are.' }] : []),
      { role: 'user', content },
    ])
    const answer = await askWhole(house.chatUrl, { body: chatBody({ model: 'auto', messages }) })
    const row = await house.row(answer.headers['x-request-id'])
    // The server sees what UTF-8 carries: a lone surrogate does not survive it.
    const arrived = JSON.parse(Buffer.from(JSON.stringify(messages)).toString('utf8'))
    const verdict = classifier.classify(arrived)
    assert.equal(answer.status, 200, answer.text())
    assert.equal(row.rules_version, classifier.rulesVersion)
    assert.equal(row.weights_version, classifier.weightsVersion)
    assert.equal(row.class, verdict.class)
    assert.ok(Object.is(row.confidence, verdict.confidence), `${row.confidence} is not ${verdict.confidence}`)
    assert.equal(row.cause, verdict.cause)
    assert.deepEqual(row.evidence, JSON.parse(JSON.stringify(verdict.evidence)))
  }
})
