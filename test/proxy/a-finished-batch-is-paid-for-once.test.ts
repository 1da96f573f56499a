import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import OpenAI, { toFile } from 'openai'
import { ENDPOINTS } from '../../src/base/endpoint.ts'
import { compose } from '../../src/compose.ts'
import { eventually } from '../support/eventually.ts'
import { KEY, keyEntry, openHouse, prepareHouse, readRows, type Settings } from '../support/house.ts'
import { startWritten } from '../support/written-upstream.ts'

const EVERYTHING = { team: { endpoints: [...ENDPOINTS] } }

/** Three questions to two models, and one to a model that does not exist. */
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

test('a batch is paid for by its output, at batch prices, when it is first seen finished', async (t) => {
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

const TEAMS = Object.fromEntries(
  ['research', 'sales'].map((name) => [
    name,
    { keys: [keyEntry(`sk-${name}`)], endpoints: [...ENDPOINTS], budgets: [{ usd: 100, per: 'total' }] },
  ]),
)

/** Runs a proxy of two teams during `work` and returns what each has paid by its end. */
async function openTeams(t: TestContext, upstream: Settings = {}) {
  const { config, database, simulator, close } = await prepareHouse({ settings: { teams: TEAMS }, upstream })
  t.after(close)
  const run = async (work: (research: OpenAI, sales: OpenAI) => Promise<unknown>) => {
    const trivium = await compose({ config, env: {} })
    const clientWith = (apiKey: string) =>
      new OpenAI({ baseURL: `${trivium.dataUrl}/v1`, apiKey, maxRetries: 0 })
    await work(clientWith('sk-research'), clientWith('sk-sales'))
    await trivium.close()
    return readRows(database).flatMap(({ team, cost_nusd: cost }) => (cost ? [[team, cost]] : []))
  }
  return { run, simulator }
}

async function read(client: OpenAI, file: string): Promise<string> {
  return (await client.files.content(file)).text()
}

// It used to be booked as an output without a single answer, at $0 and for good.
test('a batch is paid for once its output can be read, not by the page that came in its place', async (t) => {
  const usage = { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100 }
  const body = { model: 'gpt-4o-mini-2024-07-18', usage }
  const line = JSON.stringify({ custom_id: 'q0', response: { status_code: 200, body } })
  const batch = { id: 'batch_1', object: 'batch', status: 'completed', output_file_id: 'file-out' }
  let output = '<h1>Sign in</h1>'
  const upstream = await startWritten(t, (response, _index, { url }) => {
    const isFile = url?.endsWith('/content')
    response.writeHead(200, { 'content-type': isFile ? 'application/octet-stream' : 'application/json' })
    response.end(isFile ? output : JSON.stringify(batch))
  })
  const { run } = await openTeams(t, { base_url: upstream.baseUrl })
  assert.deepEqual(await run((research) => research.batches.retrieve('batch_1')), [])
  output = line
  for (let time = 0; time < 2; time += 1) {
    const paid = ['research', 1000 * 75 + 100 * 300]
    assert.deepEqual(await run((research) => research.batches.retrieve('batch_1')), [paid])
  }
})

test('a team that was shown an unfinished batch pays once it fetches the output, even after a restart', async (t) => {
  const usage = { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100 }
  const body = { model: 'gpt-4o-mini-2024-07-18', usage }
  const lines = `${JSON.stringify({ custom_id: 'q0', response: { status_code: 200, body } })}\n`
  const batch = { id: 'batch_1', object: 'batch', status: 'finalizing', output_file_id: 'file-out' }
  const upstream = await startWritten(t, (response, _index, { url }) => {
    const isFile = url?.endsWith('/content')
    response.writeHead(200, { 'content-type': isFile ? 'application/octet-stream' : 'application/json' })
    response.end(isFile ? lines : JSON.stringify(batch))
  })
  const { run } = await openTeams(t, { base_url: upstream.baseUrl })
  assert.deepEqual(await run((research) => research.batches.retrieve('batch_1')), [])
  assert.deepEqual(await run((_, sales) => read(sales, 'file-out')), [], 'nobody has shown it to them')
  for (let time = 0; time < 2; time += 1) {
    // 0.075 and 0.30 dollars per million: batch prices.
    const paid = ['research', 1000 * 75 + 100 * 300]
    assert.deepEqual(await run((research) => read(research, 'file-out')), [paid])
  }
})

test('a file that merely looks like a batch’s output costs nothing', async (t) => {
  const { run, simulator } = await openTeams(t)
  const direct = new OpenAI({ baseURL: simulator.baseUrl, apiKey: 'sk-other', maxRetries: 0 })
  const { output_file_id: output } = await finish(direct, await startBatch(direct))
  const words = await read(direct, output ?? '')
  const costs = await run(async (research) => {
    const file = await toFile(Buffer.from(words), 'notes.jsonl')
    const { id } = await research.files.create({ file, purpose: 'user_data' })
    for (const each of [id, output ?? '']) assert.equal(await read(research, each), words)
  })
  assert.deepEqual(costs, [])
})

test('a batch is paid for once across restarts', async (t) => {
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

test('a spent budget refuses a new batch and anything else that may cost money', async (t) => {
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
