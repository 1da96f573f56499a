import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { ENDPOINTS } from '../../src/base/endpoint.ts'
import { foldKey } from '../../src/base/folded-key.ts'
import { membersOf, rootOf } from '../../src/base/json-span.ts'
import { askWhole } from '../support/client.ts'
import { KEY, keyEntry, openHouse } from '../support/house.ts'

const endpoints = [...ENDPOINTS]
const models = ['gpt-4o', 'gpt-4o-mini', 'text-embedding-3-small', 'gpt-image-1-mini']
const house = await openHouse(
  { after },
  {
    settings: {
      teams: {
        listed: { endpoints, models, keys: [keyEntry('sk-listed')] },
        paying: { endpoints, budgets: [{ usd: 9, per: 'total' }], keys: [keyEntry('sk-paying')] },
        free: { endpoints, keys: [keyEntry(KEY)] },
      },
    },
  },
)

const BINDING = ['sk-listed', 'sk-paying'] as const
/** Every endpoint whose body is read for its model, with the other fields it requires. */
const RAW = [
  ['/embeddings', 'text-embedding-3-small', '"input":"x"'],
  ['/completions', 'gpt-3.5-turbo-instruct', '"prompt":"x"'],
  ['/moderations', 'omni-moderation-latest', '"input":"x"'],
  ['/images/generations', 'gpt-image-1-mini', '"prompt":"x"'],
  ['/audio/speech', 'gpt-4o-mini-tts', '"input":"x","voice":"alloy"'],
  ['/responses/input_tokens', 'trivium/pin:gpt-4o', '"input":"x"'],
] as const

async function say(path: string, key: string, body: string | Buffer, headers: Record<string, string> = {}) {
  const { length } = house.simulator.calls
  const { status, json } = await askWhole(house.baseUrl + path, { key, body, headers })
  const { code, param, message } = Object(Object(json).error)
  return { status, code, param, message, call: house.simulator.calls[length] }
}

for (const [path, , rest] of RAW) {
  test(`POST ${path} refuses a model that is not a string when an allowlist or a budget depends on it`, async () => {
    for (const key of BINDING) {
      for (const model of ['["gpt-5"]', '{"id":"gpt-5"}', '5', 'true']) {
        const { status, param, call } = await say(path, key, `{"model":${model},${rest}}`)
        assert.deepEqual([status, param, call], [400, 'model', undefined], `${key} ${model}`)
      }
    }
  })
}

test('an allowlist cannot be bypassed by a default model or by an empty body sent to a deployment', async () => {
  for (const [path, , rest] of RAW.filter(([each]) => !/moderations|input_tokens/.test(each))) {
    const { status, param } = await say(path, 'sk-listed', `{${rest}}`)
    assert.deepEqual([status, param], [400, 'model'], path)
  }
  const url = house.baseUrl.replace(/\/v1$/, '/openai/deployments/gpt-5/images/generations')
  const { status } = await askWhole(url, { key: 'sk-listed', body: '' })
  assert.equal(status, 404)
})

test('an empty body is refused for its missing model', async () => {
  for (const key of ['sk-paying', 'sk-listed', KEY]) {
    for (const path of ['/embeddings', '/completions']) {
      const { status, param, message } = await say(path, key, '')
      assert.deepEqual([status, param], [400, 'model'], `${key} ${path}`)
      assert.match(message, /'model' is missing/)
    }
  }
})

test('a model that is not a string is left for the upstream to refuse when nothing depends on it', async () => {
  const body = '{ "model":["gpt-4o"], "model":["x"], "Model":1,"input":"x"}'
  const { call } = await say('/moderations', KEY, body)
  assert.equal(String(call?.body), '{ "model":["x"], "Model":1,"input":"x"}')
})

/** Every value a parser may take for the field: whichever occurrence it uses, in whatever case. */
function readingsOf(body: Buffer, field: string): readonly string[] {
  return membersOf(body, rootOf(body)).flatMap(({ key, start, end }) =>
    foldKey(key) === field ? [body.toString('utf8', start, end)] : [],
  )
}

for (const [path, model, rest] of [
  ...RAW,
  ['/responses', 'trivium/pin:gpt-4o', '"input":"x"'],
  ['/responses/compact', 'gpt-4o', '"input":"x"'],
  ['/chat/completions', 'trivium/pin:gpt-4o', '"messages":[{"role":"user","content":"x"}]'],
] as const) {
  test(`POST ${path} leaves the upstream exactly one model to read`, async () => {
    const isRouted = /responses|chat/.test(path)
    for (const key of isRouted ? [...BINDING, KEY] : ['sk-paying']) {
      const body = `{"Model":"gpt-5","model":"gpt-5","MODE\\u004c":"gpt-5","model":"${model}",${rest},"model":"${model}","mOdel":"gpt-5"}`
      const { status, call } = await say(path, key, body)
      assert.equal(status, 200, `${key}: ${call?.body}`)
      assert.deepEqual(readingsOf(call?.body ?? Buffer.alloc(0), 'model'), [
        JSON.stringify(model.replace('trivium/pin:', '')),
      ])
    }
  })
}

test('a body that was parsed as JSON goes upstream as JSON in UTF-8, whatever its client called it', async () => {
  const types = [
    'application/x-www-form-urlencoded',
    'application/json; charset=utf-7',
    'text/plain',
    'multipart/form-data',
  ]
  const chat = '{"model":"gpt-4o","messages":[{"role":"user","content":"&model=gpt-5&"}]}'
  for (const type of types) {
    for (const [path, key, body] of [
      ['/embeddings', 'sk-paying', '{"model":"text-embedding-3-small","input":"&model=gpt-5&"}'],
      ['/conversations', KEY, '{"items":[]}'],
      ['/responses', KEY, '{"model":"gpt-4o","input":"&previous_response_id=resp_1&"}'],
      ['/chat/completions', KEY, chat],
    ] as const) {
      const { call } = await say(path, key, body, { 'content-type': type })
      assert.equal(call?.headers['content-type'], 'application/json', `${path} as ${type}`)
    }
  }
  const kept = 'application/json; charset=UTF-8'
  const { call } = await say('/chat/completions', KEY, chat, { 'content-type': kept })
  assert.equal(call?.headers['content-type'], kept)
})

test('a body with a key in broken UTF-8 is refused', async () => {
  const body = Buffer.concat([
    Buffer.from('{"mod'),
    Buffer.from([0xff]),
    Buffer.from('el":"gpt-5","input":"x"}'),
  ])
  const { status, code, call } = await say('/moderations', 'sk-listed', body)
  assert.deepEqual([status, code, call], [400, 'invalid_json', undefined])
})

test('a near miss of a priced model’s name is refused rather than treated as an unpriced model', async () => {
  for (const name of [' gpt-image-1-mini', 'GPT-Image-1-Mini', 'gpt-image-1-mini\\n', 'ｇpt-image-1-mini']) {
    const { status, code, param, call } = await say(
      '/images/generations',
      'sk-paying',
      `{"model":"${name}","prompt":"x"}`,
    )
    assert.deepEqual([status, code, param, call], [404, 'model_not_found', 'model', undefined], name)
  }
})

test('an `n` that parsers read differently is refused', async () => {
  for (const n of ['[9]', '"9 or so"', '2.5', 'true', '-9']) {
    const { status, param, call } = await say(
      '/images/generations',
      'sk-paying',
      `{"model":"gpt-image-1-mini","prompt":"x","n":${n}}`,
    )
    assert.deepEqual([status, param, call], [400, 'n', undefined], n)
  }
})

const IMAGES = '"type":"image_generation"'
const FUNCTION = '{"type":"function","name":"f","parameters":{}}'

test('an allowlist covers the models of tools, wherever in the request they stand', async () => {
  const items = (tools: string) =>
    `"input":[{"role":"user","content":"x"},{"type":"additional_tools","role":"developer","tools":${tools}}]`
  for (const [rest, status, param] of [
    [`"input":"x","tools":[{${IMAGES},"model":"gpt-image-1"}]`, 404, 'tools[0].model'],
    [`"input":"x","tools":[${FUNCTION},{"type":"other","model":"gpt-5"}]`, 404, 'tools[1].model'],
    [
      `"input":"x","tools":[{"type":"namespace","name":"a","tools":[{${IMAGES},"model":"gpt-5"}]}]`,
      404,
      'tools[0].tools[0].model',
    ],
    [items(`[{${IMAGES},"model":"gpt-image-1"}]`), 404, 'input[1].tools[0].model'],
    [`"input":"x","tools":[{${IMAGES},"model":"gpt-5","model":"gpt-image-1-mini"}]`, 400, 'tools[0].model'],
    [`"input":"x","tools":[{${IMAGES},"Model":"gpt-5"}]`, 400, 'tools[0].model'],
    [`"input":"x","tools":[{${IMAGES},"model":["gpt-5"]}]`, 400, 'tools[0].model'],
    [`"input":"x","tools":[{${IMAGES},"model":"gpt-image-1-mini"}]`, 200, undefined],
    [`"input":"x","tools":[{${IMAGES}}]`, 200, undefined],
  ] as const) {
    const body = `{"model":"trivium/pin:gpt-4o",${rest}}`
    const refused = await say('/responses', 'sk-listed', body)
    if (status !== 200) {
      assert.deepEqual([refused.status, refused.param, refused.call], [status, param, undefined], rest)
    } else assert.ok(refused.call !== undefined, `${rest}: ${refused.message}`)
    if (status === 404) assert.equal(refused.code, 'model_not_found')
    const { call } = await say('/responses', KEY, body)
    assert.ok(call !== undefined, rest)
  }
})

const TYPE = { 'content-type': 'multipart/form-data; boundary=b1' }
const part = (head: string, value: string) =>
  `--b1\r\nContent-Disposition: form-data; ${head}\r\n\r\n${value}\r\n`
const SOUND = part('name="file"; filename="a.mp3"', 'la')

test('a form that hides a second model is refused if rules depend on the model, and otherwise passes', async () => {
  const model = part('name="model"', 'gpt-4o-mini-transcribe')
  const whole = `${SOUND}${model}--b1--\r\n`
  for (const hidden of [
    SOUND + part('name="Model"', 'whisper-1') + model,
    SOUND + model + part('name="mod\\el"', 'whisper-1'),
    SOUND + model + part('name="x"; name="model"', 'whisper-1'),
    `${SOUND}${model}--b1--\r\n${SOUND}${part('name="model"', 'whisper-1')}`,
  ]) {
    const form = `${hidden}--b1--\r\n`
    const { status, call, message } = await say('/audio/transcriptions', 'sk-paying', form, TYPE)
    assert.deepEqual([status, call], [400, undefined], form)
    assert.match(message, /could be read in two ways/)
    const { call: unbound } = await say('/audio/transcriptions', KEY, form, TYPE)
    assert.equal(unbound?.body.toString(), form)
  }
  const { status, call } = await say('/audio/transcriptions', 'sk-paying', whole, TYPE)
  assert.deepEqual([status, call?.body.toString()], [200, whole])
})
