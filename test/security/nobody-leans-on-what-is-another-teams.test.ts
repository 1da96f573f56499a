import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import OpenAI from 'openai'
import { ENDPOINTS } from '../../src/base/endpoint.ts'
import { askWhole } from '../support/client.ts'
import { KEY, keyEntry, openHouse } from '../support/house.ts'

const endpoints = [...ENDPOINTS]
const house = await openHouse(
  { after },
  {
    settings: {
      teams: {
        research: { endpoints, keys: [keyEntry(KEY)] },
        sales: { endpoints, keys: [keyEntry('sk-sales')] },
      },
    },
  },
)
const { origin } = new URL(house.baseUrl)
const owner = new OpenAI({ baseURL: house.baseUrl, apiKey: KEY, maxRetries: 0 })

const theirs = await owner.responses.create({ model: 'gpt-4o', input: 'Say hello' })
const [said] = theirs.output
const conversation = await owner.conversations.create({})
const mine = await new OpenAI({ baseURL: house.baseUrl, apiKey: 'sk-sales' }).conversations.create({})
const chat = await owner.chat.completions.create({
  model: 'gpt-4o',
  store: true,
  messages: [{ role: 'user', content: 'Say hello' }],
})
assert.ok(said?.id)
const item = said.id

/** The answer to another team's request, which must not have reached an upstream. */
async function refusal(method: string, url: string, body?: string) {
  const { length } = house.simulator.calls
  const { status, json } = await askWhole(url, {
    method,
    key: 'sk-sales',
    ...(body !== undefined && { body }),
  })
  assert.equal(house.simulator.calls.length, length, `${method} ${url} ${body}: an upstream has heard of it`)
  const { code, param } = Object(Object(json).error)
  return { status, code, param }
}

/** Ways to write an item that refers to another. */
const REFERENCES = [
  { type: 'item_reference', id: item },
  { id: item },
  { type: null, id: item, content: null },
  { type: 'reasoning', id: item, summary: [] },
  { type: 'item_reference', id: `\t${item} ` },
]

for (const path of [
  '/conversations',
  `/conversations/${mine.id}/items`,
  '/conversations/conv_unknown/items',
]) {
  test(`POST ${path} does not put another team's item into a conversation`, async () => {
    for (const reference of REFERENCES) {
      const items = [{ role: 'user', content: 'Go on' }, reference]
      assert.deepEqual(await refusal('POST', house.baseUrl + path, JSON.stringify({ items })), {
        status: 404,
        code: 'object_not_found',
        param: 'items',
      })
    }
  })
}

const id = JSON.stringify(item)
/** Items and conversations that become another team's in a parser that takes the first duplicate or ignores case. */
const ODD_ITEMS = [
  `{"type":"item_reference","id":${id},"id":"msg_mine"}`,
  `{"type":"item_reference","id":"msg_mine","ID":${id}}`,
  `{"Type":"item_reference","Id":${id},"role":"user","content":"x"}`,
  `{"type":"item_reference","id":${id},"type":"message","role":"user","content":"x"}`,
  `{"id":${id},"content":null,"content":"x"}`,
  `{"role":"user","content":"x","\\u0049D":${id}}`,
]

for (const [path, field, bodyOf] of [
  ['/conversations', 'items', (one: string) => `{"items":[${one}]}`],
  ['/responses', 'input', (one: string) => `{"model":"gpt-4o","input":[${one}]}`],
  ['/responses/input_tokens', 'input', (one: string) => `{"model":"gpt-4o","input":[${one}]}`],
  ['/responses/compact', 'input', (one: string) => `{"model":"gpt-4o","input":[${one}]}`],
] as const) {
  test(`POST ${path} refuses an item that can be read as a reference to two different things`, async () => {
    for (const one of ODD_ITEMS) {
      const { status, code, param } = await refusal('POST', house.baseUrl + path, bodyOf(one))
      assert.deepEqual([status, code], [400, 'invalid_request'], one)
      assert.ok(String(param).startsWith(`${field}[0].`), `${param}`)
    }
  })
}

const conv = JSON.stringify(conversation.id)
const ODD_CONVERSATIONS = [
  `{"id":${conv},"id":"conv_mine"}`,
  `{"id":"conv_mine","ID":${conv}}`,
  `{"Id":${conv}}`,
  `{"id":[${conv}]}`,
  `{"id":{"id":${conv}}}`,
  `[${conv}]`,
  `{"other":{"id":${conv}}}`,
]

for (const path of ['/responses', '/responses/input_tokens', '/responses/compact']) {
  test(`POST ${path} refuses a conversation that is named ambiguously or not at all`, async () => {
    for (const odd of ODD_CONVERSATIONS) {
      const body = `{"model":"gpt-4o","input":"x","conversation":${odd}}`
      const { status, code, param } = await refusal('POST', house.baseUrl + path, body)
      assert.deepEqual([status, code], [400, 'invalid_request'], odd)
      assert.ok(['conversation', 'conversation.id'].includes(String(param)), `${param}`)
    }
  })

  test(`POST ${path} does not continue another team's answer, nor pass one on in another spelling`, async () => {
    for (const [field, value] of [
      ['previous_response_id', theirs.id],
      ['conversation', conversation.id],
      ['previous_response_id', ` ${theirs.id}`],
      ['conversation', `${conversation.id}\n`],
    ]) {
      const told = await refusal(
        'POST',
        house.baseUrl + path,
        JSON.stringify({ model: 'gpt-4o', input: 'x', [String(field)]: value }),
      )
      assert.deepEqual([told.status, told.code], [400, 'previous_response_not_found'])
      if (String(value).trim() !== value) continue
      const spelt = String(field).toUpperCase()
      const written = `{"${spelt}":"${value}","model":"gpt-4o","${field}":"${value}","input":"x","${field}":null}`
      const answer = await askWhole(house.baseUrl + path, { key: 'sk-sales', body: written })
      assert.equal(answer.status, 200)
      const { path: asked, body } = house.simulator.calls.at(-1) ?? {}
      assert.equal(asked, `/v1${path}`)
      assert.ok(!String(body).includes(String(value)), String(body))
    }
  })
}

test('another team’s sealed reasoning cannot be put into a conversation', async () => {
  const sealed = { type: 'reasoning', summary: [], encrypted_content: 'gAAAAAcompacted' }
  await owner.post('/responses/compact', { body: { model: 'gpt-4o', input: 'Say hello' } })
  const told = await refusal('POST', `${house.baseUrl}/conversations`, JSON.stringify({ items: [sealed] }))
  assert.equal(told.code, 'object_not_found')
})

const KEPT = [
  ['responses', theirs.id],
  ['conversations', conversation.id],
  ['chat/completions', chat.id],
] as const

/** Spellings that some upstream may treat as the path itself. */
const SPELLINGS: readonly ((family: string, id: string) => string)[] = [
  (family, kept) => `/v1/${family}/${kept}`,
  (family, kept) => `/v1/${family.replace(/^./, (first) => first.toUpperCase())}/${kept}`,
  (family, kept) => `/v1/${family};x=/${kept}`,
  (family, kept) => `/v1/${family}/${kept};x=1`,
  (family, kept) => `/v1/v1/${family}/${kept}`,
  (family, kept) => `//v1/${family}/${kept}`,
  (family, kept) => `/v1//${family}//${kept}/`,
  (family, kept) => `/v1/%${family.charCodeAt(0).toString(16)}${family.slice(1)}/${kept}`,
  (family, kept) => `/v1/%25${family.charCodeAt(0).toString(16)}${family.slice(1)}/${kept}`,
  (family, kept) => `/v1/${family}/${kept.replaceAll('_', '%5F')}`,
  (family, kept) => `/v1/${family}/${kept.replace(/.$/, (last) => `%25${last.charCodeAt(0).toString(16)}`)}`,
  (family, kept) => `/v1/${family}/${kept}%3Fx`,
  (family, kept) => `/v1/${family}/${kept}%00`,
  (family, kept) => `/v1/${family}/${kept}%20`,
  (family, kept) => `/v1/${family}%2F${kept}`,
  (family, kept) => `/v1/${family}%252F${kept}`,
  (family, kept) => `/v1/${family}/mine/${kept}`,
  (family, kept) => `/v1/${family}/mine?after=${kept}`,
  (family, kept) => `/v1/${family}/mine?id=${kept}`,
  (family, kept) => `/v1/${family}/mine?after=+${kept}`,
  (family, kept) => `/v1/${family}/mine?after=${kept}%253Fx`,
  (family, kept) => `/v1/files/..;/${family}/${kept}`,
  (family, kept) => `/v1/files/%252e%252e/${family}/${kept}`,
  (family, kept) => `/V1/${family}/${kept}`,
  (family, kept) => `/openai/responses/${kept}?api-version=1&x=${family}`,
  (_family, kept) => `/v1/anything/${kept}`,
  (_family, kept) => `/v1/anything?id=${kept}`,
]

for (const [family, kept] of KEPT) {
  test(`no spelling of /${family}/ID opens another team's object, even with every endpoint allowed`, async () => {
    for (const spelling of SPELLINGS) {
      for (const method of ['GET', 'DELETE', 'POST']) {
        const path = spelling(family, kept)
        const { status } = await refusal(method, origin + path, method === 'POST' ? '{}' : undefined)
        assert.ok([400, 404].includes(status), `${method} ${path}: ${status}`)
      }
    }
  })
}

test('a query parameter cannot name another team’s answer on the routed endpoints either', async () => {
  const chatBody = JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'x' }] })
  for (const [path, body] of [
    ['/responses', '{"model":"gpt-4o","input":"x"}'],
    ['/responses/input_tokens', '{"model":"gpt-4o","input":"x"}'],
    ['/chat/completions', chatBody],
  ] as const) {
    const told = await refusal('POST', `${house.baseUrl}${path}?previous_response_id=${theirs.id}`, body)
    assert.equal(told.code, 'previous_response_not_found', path)
  }
})

test('a team’s own item goes into a conversation, with the body passed on byte for byte', async () => {
  const body = `{ "items":[{"type":"item_reference","id":"${item}"}, {"role":"user","content":"Zu \\u00e4"}]  }`
  const { status } = await askWhole(`${house.baseUrl}/conversations`, { body })
  assert.equal(status, 200)
  assert.equal(String(house.simulator.calls.at(-1)?.body), body)
})

test('headers that override the method or path do not reach the upstream', async () => {
  const overrides = [
    'x-http-method-override',
    'x-http-method',
    'x-method-override',
    'x-original-url',
    'x-rewrite-url',
  ]
  const headers = Object.fromEntries(overrides.map((name) => [name, `/v1/responses/${theirs.id}`]))
  const { status } = await askWhole(`${house.baseUrl}/files`, { method: 'GET', key: 'sk-sales', headers })
  assert.equal(status, 200)
  const sent = house.simulator.calls.at(-1)?.headers ?? {}
  assert.deepEqual(
    overrides.filter((name) => name in sent),
    [],
  )
})
