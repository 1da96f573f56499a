import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { after, test } from 'node:test'
import { KEY, openHouse } from '../support/house.ts'
import { startWritten } from '../support/written-upstream.ts'

// A completion that could not be parsed used to count as no words, so that a truncated answer cost its prompt only.
// Errors, redirects and empty successes were booked at their bound, which for a picture is more than a dollar.
const ANSWER = JSON.stringify({
  id: 'cmpl-1',
  choices: [{ index: 0, text: 'Two words', finish_reason: 'stop' }],
})
const ERROR = JSON.stringify({ error: { message: 'Boom', type: 'server_error', code: null } })
const JSON_TYPE = { 'content-type': 'application/json' }

type Write = (response: ServerResponse) => void
const json =
  (text: string): Write =>
  (response) =>
    response.writeHead(200, JSON_TYPE).end(text)

const COMPLETION = [
  'completions',
  { model: 'gpt-3.5-turbo-instruct', prompt: 'Hi', max_tokens: 100 },
] as const
const PICTURE = ['images/generations', { model: 'gpt-image-1-mini', prompt: 'A pixel' }] as const
const EMBEDDING = ['embeddings', { model: 'text-embedding-3-small', input: 'Hi' }] as const

const AT_BOUND: Readonly<Record<string, Write>> = {
  'that is cut short': json(ANSWER.slice(0, -10)),
  'without a word': json(''),
  'that is no JSON': json('Two words'),
  'without an answer': json('{"id":"cmpl-1"}'),
  'packed in an unknown way': (response) =>
    response.writeHead(200, { ...JSON_TYPE, 'content-encoding': 'snappy' }).end(Buffer.from([1, 2, 3])),
}

const UNPAID: Readonly<Record<string, readonly [write: Write, status: number, outcome: string]>> = {
  'that is nothing but an error': [json(ERROR), 502, 'upstream_error'],
  'that is a redirect': [(response) => response.writeHead(307, { location: '/there' }).end(), 307, 'ok'],
  'that is a page': [
    (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Sign in</h1>'),
    200,
    'ok',
  ],
  'without content': [(response) => response.writeHead(204).end(), 204, 'ok'],
}

const upstream = await startWritten({ after }, (response, _index, { headers }) => {
  const what = String(headers['x-case'])
  const write = AT_BOUND[what] ?? UNPAID[what]?.[0]
  write?.(response)
})
const house = await openHouse(
  { after },
  { upstream: { base_url: upstream.baseUrl }, team: { endpoints: ['completions', 'images', 'embeddings'] } },
)

async function asked(what: string, [path, body]: readonly [string, object]) {
  const response = await fetch(`${house.baseUrl}/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json', 'x-case': what },
    body: JSON.stringify(body),
    redirect: 'manual',
  })
  await response.arrayBuffer()
  return { status: response.status, row: await house.row(response.headers.get('x-request-id')) }
}

for (const what of Object.keys(AT_BOUND)) {
  test(`a completion ${what} costs its bound`, async () => {
    const { status, row } = await asked(what, COMPLETION)
    assert.deepEqual([status, row.usage_source, row.cost_nusd], [200, 'bound', row.held_nusd])
  })
}

for (const [what, [, status, outcome]] of Object.entries(UNPAID)) {
  for (const call of [COMPLETION, PICTURE, EMBEDDING]) {
    test(`an answer ${what} to ${call[0]} is not paid for`, async () => {
      const { status: told, row } = await asked(what, call)
      assert.deepEqual([told, row.outcome, row.cost_nusd], [status, outcome, 0])
    })
  }
}
