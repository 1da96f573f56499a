import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import OpenAI, { toFile } from 'openai'
import { ENDPOINTS } from '../../src/base/endpoint.ts'
import { askWhole, payloads } from '../support/client.ts'
import { KEY, openHouse } from '../support/house.ts'
import { frame, startWritten, writeStream } from '../support/written-upstream.ts'

const EVERYTHING = { endpoints: [...ENDPOINTS] }
const house = await openHouse({ after }, { team: EVERYTHING })
const client = new OpenAI({ baseURL: house.baseUrl, apiKey: KEY, maxRetries: 0 })

/** The row of a call, and what the upstream billed for it. */
async function settled(promise: { asResponse(): Promise<Response> }) {
  const response = await promise.asResponse()
  await response.arrayBuffer()
  const row = await house.row(response.headers.get('x-request-id'))
  const billed = house.simulator.calls.at(-1)?.billedNanoUsd
  return { row, billed, cost: response.headers.get('x-trivium-cost-usd') }
}

const PROMPT = { model: 'gpt-3.5-turbo-instruct', prompt: ['Say this.', 'And that.'], max_tokens: 6 }

test('legacy completions cost the usage they report, whole and as a stream', async () => {
  const whole = await settled(client.completions.create({ ...PROMPT, n: 2 }))
  assert.deepEqual([whole.row.usage_source, whole.row.cost_nusd], ['reported', whole.billed])
  assert.equal(Number(whole.cost) * 1e9, whole.billed)
  const stream = await settled(
    client.completions.create({ ...PROMPT, stream: true, stream_options: { include_usage: true } }),
  )
  assert.deepEqual([stream.row.usage_source, stream.row.cost_nusd], ['reported', stream.billed])
  assert.ok(stream.row.held_nusd >= Number(stream.billed))
})

test('a stream whose client does not ask for usage is counted and not changed', async () => {
  const { row, billed } = await settled(client.completions.create({ ...PROMPT, stream: true }))
  assert.equal(row.usage_source, 'estimated')
  assert.ok(Number(row.cost_nusd) >= Number(billed), 'never less than was billed')
  assert.ok(Number(row.cost_nusd) <= row.held_nusd, 'never more than was held')
  const sent = JSON.parse(String(house.simulator.calls.at(-1)?.body))
  assert.equal(sent.stream_options, undefined)
})

test('a stream of completions that ends early says so', async (t) => {
  const upstream = await startWritten(t, (response) =>
    writeStream(response, frame({ choices: [{ text: 'Half', index: 0, finish_reason: null }] }), [1000]),
  )
  const other = await openHouse(t, { upstream: { base_url: upstream.baseUrl }, team: EVERYTHING })
  const answer = await askWhole(`${other.baseUrl}/completions`, { body: { ...PROMPT, stream: true } })
  assert.match(payloads(answer.text()).at(-1) ?? '', /"upstream_broken"/)
  const row = await other.row(answer.headers['x-request-id'])
  assert.deepEqual([row.outcome, row.usage_source], ['broken', 'estimated'])
})

test('images cost the usage they report, generated, streamed or edited', async () => {
  const model = 'gpt-image-1-mini'
  const image = await toFile(Buffer.from('not quite a picture'), 'pixel.png')
  for (const call of [
    () => client.images.generate({ model, prompt: 'A red pixel', n: 3 }),
    () => client.images.generate({ model, prompt: 'A red pixel', stream: true }),
    () => client.images.edit({ model, prompt: 'Redder', image }),
  ]) {
    const { row, billed } = await settled(call())
    assert.deepEqual([row.usage_source, row.cost_nusd], ['reported', billed])
    assert.ok(row.held_nusd >= Number(billed), `${row.held_nusd} were held of ${billed}`)
  }
})

test('a streamed image of megabytes is paid for by the usage after it', async (t) => {
  const picture = { type: 'image_generation.completed', b64_json: 'x'.repeat(5 * 2 ** 20) }
  const usage = { input_tokens: 3, output_tokens: 272, total_tokens: 275 }
  const text = `event: ${picture.type}\ndata: ${JSON.stringify({ ...picture, usage })}\n\n`
  const upstream = await startWritten(t, (response) => writeStream(response, text, [65_536]))
  const other = await openHouse(t, { upstream: { base_url: upstream.baseUrl }, team: EVERYTHING })
  const answer = await askWhole(`${other.baseUrl}/images/generations`, {
    body: { model: 'gpt-image-1-mini', prompt: 'A large pixel', stream: true },
  })
  assert.equal(answer.text(), text)
  const row = await other.row(answer.headers['x-request-id'])
  assert.deepEqual([row.usage_source, row.cost_nusd], ['reported', 3 * 2000 + 272 * 8000])
})

test('speech to text costs the usage it reports', async () => {
  const file = await toFile(Buffer.from('la la la'), 'sound.mp3')
  const { row } = await settled(client.audio.transcriptions.create({ model: 'gpt-4o-transcribe', file }))
  // 14 audio tokens at 6 USD per million, 9 text tokens at 10.
  assert.deepEqual([row.usage_source, row.cost_nusd], ['reported', 14 * 6000 + 9 * 10_000])
})

test('a call without a price is booked as unpriced, not as free', async () => {
  for (const call of [
    () => client.images.generate({ model: 'dall-e-3', prompt: 'A pixel' }),
    () => client.audio.speech.create({ model: 'tts-1', voice: 'alloy', input: 'la' }),
    () => client.vectorStores.create({ name: 'docs' }),
    () => client.videos.create({ prompt: 'A pixel that moves' }),
  ]) {
    const { row } = await settled(call())
    assert.deepEqual([row.usage_source, row.cost_nusd, row.outcome], ['unpriced', 0, 'ok'])
  }
  const free = await settled(client.files.list())
  assert.deepEqual([free.row.usage_source, free.row.cost_nusd], ['none', 0])
})

test('an unpriced call that was sent is booked as unpriced even without an answer', async (t) => {
  const upstream = await startWritten(t, (response) => void response.destroy())
  const other = await openHouse(t, { upstream: { base_url: upstream.baseUrl }, team: EVERYTHING })
  const sourceOf = async (path: string) => {
    const answer = await askWhole(other.baseUrl + path, { body: {} })
    const row = await other.row(answer.headers['x-request-id'])
    return [row.error_code, row.usage_source, row.cost_nusd]
  }
  assert.deepEqual(await sourceOf('/videos'), ['upstream_broken', 'unpriced', 0])
  assert.deepEqual(await sourceOf('/anything'), ['upstream_broken', 'unpriced', 0])
  assert.deepEqual(await sourceOf('/files'), ['upstream_broken', 'none', 0])
})

test('impossible usage is ignored, and the bound is booked', async (t) => {
  const upstream = await startWritten(t, (response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end('{"data":[],"usage":{"prompt_tokens":90000000,"total_tokens":90000000}}')
  })
  const other = await openHouse(t, { upstream: { base_url: upstream.baseUrl }, team: EVERYTHING })
  const answer = await askWhole(`${other.baseUrl}/embeddings`, {
    body: { model: 'text-embedding-3-small', input: 'x' },
  })
  const row = await other.row(answer.headers['x-request-id'])
  assert.deepEqual([row.usage_source, row.cost_nusd], ['bound', row.held_nusd])
})

test('of a repeated field the upstream gets only the occurrence the hold was based on', async () => {
  const { model, prompt } = PROMPT
  const rest = `"prompt":${JSON.stringify(prompt)},"n":1`
  const body = `{"model":"no-such-model","max_tokens":4000,"model":"${model}",${rest},"Max_Tokens":4000,"max_tokens":6}`
  const answer = await askWhole(`${house.baseUrl}/completions`, { body })
  assert.equal(answer.status, 200)
  assert.equal(String(house.simulator.calls.at(-1)?.body), `{"model":"${model}",${rest},"max_tokens":6}`)
  const adapted = '-repeated_model, -repeated_max_tokens, -look_alike_max_tokens'
  assert.equal(answer.headers['x-trivium-adapted'], adapted)
  const row = await house.row(answer.headers['x-request-id'])
  assert.deepEqual([row.adapted, row.usage_source], [adapted, 'reported'])
})

test('a body that the proxy cannot parse is refused under a budget', async () => {
  const calls = house.simulator.calls.length
  const json = JSON.stringify({ model: 'gpt-image-1-mini', prompt: 'A pixel' })
  for (const body of [`\ufeff${json}`, Buffer.from(json, 'utf16le'), 'model=gpt-image-1-mini']) {
    const { status, json: said } = await askWhole(`${house.baseUrl}/images/generations`, { body })
    assert.equal(status, 400)
    assert.match(JSON.stringify(said), /invalid_json/)
  }
  assert.equal(house.simulator.calls.length, calls)
})
