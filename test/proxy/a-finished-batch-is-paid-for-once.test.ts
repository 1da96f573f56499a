import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import OpenAI, { toFile } from 'openai'
import { compose } from '../../src/compose.ts'
import { ENDPOINTS } from '../../src/flow/team.ts'
import { eventually } from '../support/eventually.ts'
import { KEY, openHouse, prepareHouse, readRows } from '../support/house.ts'

const EVERYTHING = { team: { endpoints: [...ENDPOINTS] } }

/** Three questions to two models, and one to a model that is none. */
const INPUT = ['gpt-4o-mini', 'gpt-4o-mini', 'gpt-4o', 'no-such-model']
  .map((model, index) =>
    JSON.stringify({
      custom_id: `q${index}`,
      method: 'POST',
      url: '/v1/chat/completions',
      body: { model, messages: [{ role: 'user', content: 'What is the capital of France?' }] },
    }),
  )
  .join('\n')

function clientOf(baseURL: string): OpenAI {
  return new OpenAI({ baseURL, apiKey: KEY, maxRetries: 0 })
}

async function startBatch(client: OpenAI): Promise<OpenAI.Batch> {
  const file = await client.files.create({
    file: await toFile(Buffer.from(INPUT), 'in.jsonl'),
    purpose: 'batch',
  })
  return client.batches.create({
    input_file_id: file.id,
    endpoint: '/v1/chat/completions',
    completion_window: '24h',
  })
}

async function finish(client: OpenAI, { id }: OpenAI.Batch): Promise<OpenAI.Batch> {
  await client.batches.retrieve(id)
  return client.batches.retrieve(id)
}

test('by its output, at the prices of batches, when it is seen finished; and never again', async (t) => {
  const house = await openHouse(t, EVERYTHING)
  const client = clientOf(house.baseUrl)
  const batch = await startBatch(client)
  const paid = () => house.rows().filter(({ cost_nusd: cost }) => cost !== null && cost > 0)
  await client.batches.retrieve(batch.id)
  assert.equal(house.simulator.billedNanoUsd(), 0)
  const done = await client.batches.retrieve(batch.id)
  assert.equal(done.status, 'completed')
  const [row] = await eventually(() => (paid().length > 0 ? paid() : undefined))
  assert.equal(row?.cost_nusd, house.simulator.billedNanoUsd())
  assert.deepEqual([row?.endpoint, row?.team, row?.outcome], ['batches', 'research', 'ok'])
  assert.deepEqual(row?.evidence, { batch_output: done.output_file_id, answers: 3, unpriced: 0 })
  await client.batches.retrieve(batch.id)
  await client.batches.list()
  const output = await (await client.files.content(done.output_file_id ?? '')).text()
  assert.equal(output.trim().split('\n').length, 4)
  await setTimeout(100)
  assert.equal(paid().length, 1)
})

test('when its output is fetched by somebody who has never asked for the batch', async (t) => {
  const house = await openHouse(t, EVERYTHING)
  const batch = await startBatch(clientOf(house.baseUrl))
  const done = await finish(new OpenAI({ baseURL: house.simulator.baseUrl, apiKey: 'sk-other' }), batch)
  const client = clientOf(house.baseUrl)
  const read = () => client.files.content(done.output_file_id ?? '').then((answer) => answer.text())
  await read()
  const paid = () => house.rows().filter(({ cost_nusd: cost }) => cost !== null && cost > 0)
  const [row] = await eventually(() => (paid().length > 0 ? paid() : undefined))
  assert.equal(row?.cost_nusd, house.simulator.billedNanoUsd())
  await read()
  await finish(client, batch)
  await setTimeout(100)
  assert.equal(paid().length, 1)
})

test('once over restarts too', async (t) => {
  const { config, database, simulator, close } = await prepareHouse(EVERYTHING)
  t.after(close)
  let done: OpenAI.Batch | undefined
  for (let start = 0; start < 3; start += 1) {
    const trivium = await compose({ config, env: {} })
    const client = clientOf(`${trivium.dataUrl}/v1`)
    done = await finish(client, done ?? (await startBatch(client)))
    await trivium.close()
  }
  const costs = readRows(database).map(({ cost_nusd: cost }) => cost ?? 0)
  assert.equal(
    costs.reduce((sum, cost) => sum + cost, 0),
    simulator.billedNanoUsd(),
  )
})

test('a budget that is spent starts no batch, and nothing else that may cost something', async (t) => {
  const house = await openHouse(t, {
    team: { endpoints: [...ENDPOINTS], budgets: [{ usd: 0.000001, per: 'total' }] },
  })
  const client = clientOf(house.baseUrl)
  const batch = await startBatch(client)
  await finish(client, batch)
  await eventually(() => house.rows().find(({ cost_nusd: cost }) => (cost ?? 0) > 0))
  await assert.rejects(startBatch(client), OpenAI.RateLimitError)
  await assert.rejects(client.videos.create({ prompt: 'A pixel that moves' }), OpenAI.RateLimitError)
  assert.equal((await client.batches.retrieve(batch.id)).status, 'completed', 'asking is free')
  assert.equal((await client.batches.cancel(batch.id)).status, 'cancelling', 'and so is calling off')
})
