import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BatchTally } from '../../../src/flow/forward/batch-tally.ts'
import { createPriceBook } from '../../../src/pricing/price-book.ts'
import { priceOfList } from '../../../src/pricing/price-list.ts'

const price = priceOfList({ input: 2, output: 8, batch: { input: 1, output: 4 } })
const prices = createPriceBook([{ model: 'm', since: 0, price }])

function line(custom_id: string, body: object | undefined): string {
  const response = body === undefined ? null : { status_code: 200, body }
  return JSON.stringify({ id: `batch_req_${custom_id}`, custom_id, response, error: null })
}

const usage = { prompt_tokens: 10, completion_tokens: 3, total_tokens: 13 }
const OUTPUT = [
  line('a', { model: 'm', usage }),
  line('b', { model: 'm', usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2 } }),
  line('failed', undefined),
  '',
  line('c', { model: 'nobody-knows', usage }),
  line('é', { model: 'm', text: '{"\n"}'.replace('\n', '\\n') }),
].join('\n')

function tallied(text: string, size: number): BatchTally {
  const tally = new BatchTally(prices, 1)
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) tally.take(bytes.subarray(at, at + size))
  tally.end()
  return tally
}

test('answers are charged at batch prices, however the file is split into chunks', () => {
  for (const size of [1, 7, 64, 10_000]) {
    const { answers, unpriced, cost, inputTokens, outputTokens } = tallied(OUTPUT, size)
    assert.deepEqual(
      { answers, unpriced, cost, inputTokens, outputTokens },
      { answers: 2, unpriced: 2, cost: 11_000 + 16_000, inputTokens: 21, outputTokens: 7 },
    )
  }
})

test('no other file is mistaken for the output of a batch', () => {
  const training = '{"messages":[]}\n'.repeat(10)
  const asking = '{"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"m"}}\n'
  for (const text of [training + OUTPUT, asking, 'ID3 sound', '', '[1]', `\n${OUTPUT}`]) {
    assert.equal(tallied(text, 16).isBatch, false)
  }
})

test('answers that cannot be priced are counted, also those too long to be read', () => {
  const picture = (data: string) => line('p', { created: 1, data: [{ b64_json: data }], usage })
  const text = [line('a', { model: 'm', usage }), picture('x'), picture('x'.repeat(17 * 2 ** 20))].join('\n')
  const { answers, unpriced } = tallied(text, 2 ** 20)
  assert.deepEqual([answers, unpriced], [1, 2])
})
