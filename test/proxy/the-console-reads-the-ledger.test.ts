import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Agreement } from '../../src/admin/api/answers/agreement.ts'
import { Me } from '../../src/admin/api/answers/me.ts'
import { Overview } from '../../src/admin/api/answers/overview.ts'
import { ListedRequest, RequestList } from '../../src/admin/api/answers/request-list.ts'
import { Labellings, RequestPage } from '../../src/admin/api/answers/request-page.ts'
import { Review } from '../../src/admin/api/answers/review.ts'
import { Savings } from '../../src/admin/api/answers/savings.ts'
import { askWhole } from '../support/client.ts'
import { eventually } from '../support/eventually.ts'
import { type House, KEY, keyEntry, openHouse } from '../support/house.ts'
import { chatBody } from '../support/written-upstream.ts'

const ADMIN = 'an-admin-token'

/** Every answer is parsed by its own strict schema, so answers match their documentation. */
describe('the console reads the ledger', () => {
  let house: House
  const ends: (() => Promise<void>)[] = []
  const asked: string[] = []

  before(async () => {
    house = await openHouse(
      { after: (end) => void ends.push(end) },
      {
        settings: {
          server: { listen: '127.0.0.1:0', admin: '127.0.0.1:0', admin_token: ADMIN },
          capture: { prompts: 'full' },
        },
        team: {
          budgets: [{ usd: 100, per: 'day' }],
          keys: [keyEntry(KEY), { ...keyEntry('sk-other'), id: 'other' }],
        },
      },
    )
    for (const [content, key] of [
      ['Prove that the square root of two is irrational.', KEY],
      ['Who wrote Candide?', KEY],
      ['Write a poem about the sea in the style of Hugo.', 'sk-other'],
    ] as const) {
      const body = chatBody({ model: 'auto', messages: [{ role: 'user', content }] })
      const { headers } = await askWhole(house.chatUrl, { body, key })
      asked.push(String(headers['x-request-id']))
    }
    for (const id of asked) await house.row(id)
    // On a busy machine a look may end before it has counted all rows; it says so.
    await eventually(async () => {
      const { complete } = Overview.parse(await read('/api/overview?window=24h'))
      return complete || undefined
    })
  })
  after(async () => {
    for (const end of ends) await end()
  })

  async function ask(path: string, token = ADMIN, init: RequestInit = {}): Promise<Response> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    return fetch(`${house.adminUrl}${path}`, { headers, ...init })
  }

  async function read(path: string, token = ADMIN): Promise<unknown> {
    const response = await ask(path, token)
    const text = await response.text()
    assert.equal(response.status, 200, text)
    return JSON.parse(text)
  }

  test('the overview counts the requests', async () => {
    const told = Overview.parse(await read('/api/overview?window=24h'))
    assert.deepEqual([told.totals.requests, told.totals.ok, told.complete], [3, 3, true])
    assert.deepEqual([told.series.length, told.series.at(-1)?.requests], [24, 3])
    assert.ok(told.totals.cost_usd > 0)
    assert.equal(told.budgets[0]?.id, 'team:research/day')
    assert.equal(told.health.ready, true)
    assert.equal(Overview.parse(await read('/api/overview?window=30d&team=nobody')).totals.requests, 0)
  })

  // The page used to say 52 days where `trivium check` said 53.
  test('the days until a model’s retirement are rounded up, as in trivium check', async () => {
    const daysUntil = (at: string, now: number) => Math.ceil((Date.parse(at) - now) / 86_400_000)
    const begun = Date.now()
    const { retirements } = Overview.parse(await read('/api/overview?window=24h'))
    assert.ok(retirements.length > 0)
    for (const { at, days } of retirements) {
      assert.ok([daysUntil(at, begun), daysUntil(at, Date.now())].includes(days), `${at}: ${days}`)
    }
  })

  test('savings are reported per class against the first model of language_heavy', async () => {
    const told = Savings.parse(await read('/api/savings?window=7d'))
    assert.deepEqual([told.total.requests, told.total.compared], [3, 3])
    assert.deepEqual(told.baseline_models, ['gpt-4o'])
    const sum = told.classes.reduce((all, { compared }) => all + compared, 0)
    assert.equal(sum, told.total.compared)
    assert.ok(Math.abs(told.total.baseline_usd - told.total.cost_usd - told.total.saved_usd) < 1e-9)
    assert.deepEqual(
      told.caveats.map(({ id }) => id),
      ['same_tokens', 'reasoning_tokens', 'prompt_cache', 'not_compared'],
    )
  })

  test('requests are listed, filtered, paged and shown in full', async () => {
    const all = RequestList.parse(await read('/api/requests'))
    assert.deepEqual(
      all.data.map(({ id }) => id),
      asked.toReversed(),
    )
    const page = RequestList.parse(await read('/api/requests?limit=2'))
    const rest = RequestList.parse(await read(`/api/requests?limit=2&cursor=${page.next_cursor}`))
    assert.deepEqual(
      [...page.data, ...rest.data].map(({ id }) => id),
      asked.toReversed(),
    )
    const found = RequestList.parse(await read('/api/requests?text=candide&class=factual_recall'))
    assert.deepEqual(
      found.data.map(({ id, excerpt }) => [id, excerpt]),
      [[asked[1], 'Who wrote Candide?']],
    )
    const whole = RequestPage.parse(await read(`/api/requests/${asked[0]}`))
    assert.equal(whole.row.team, 'research')
    assert.ok(JSON.stringify(whole.row.evidence).includes('logits'))
  })

  test('invalid queries are refused with a reason', async () => {
    for (const [path, status, code] of [
      ['/api/requests?limit=0', 400, 'invalid_request'],
      ['/api/requests?colour=blue', 400, 'invalid_request'],
      ['/api/requests?since=yesterday', 400, 'invalid_request'],
      ['/api/requests?cursor=nonsense', 400, 'invalid_cursor'],
      ['/api/requests/req_0', 404, 'request_not_found'],
      ['/api/overview?window=1y', 400, 'invalid_request'],
      ['/api/me', 403, 'forbidden'],
    ] as const) {
      const response = await ask(path)
      const { error } = (await response.json()) as { error: { code: string } }
      assert.deepEqual([response.status, error.code], [status, code], path)
    }
    assert.equal((await ask('/api/requests', 'wrong')).status, 401)
    assert.equal((await ask('/api/requests', KEY)).status, 403)
  })

  test('a label counts in agreement, takes its request off the review list, and can be undone', async () => {
    const id = asked[1]
    const label = async (said: string | null) => {
      const body = JSON.stringify({ label: said })
      return Labellings.parse(
        await (await ask(`/api/requests/${id}/label`, ADMIN, { method: 'POST', body })).json(),
      )
    }
    const before = Review.parse(await read('/api/review'))
    assert.ok(before.data.some((row) => row.id === id))
    assert.deepEqual((await label('factual_recall')).labels.at(-1)?.by, 'admin')
    const after = Review.parse(await read('/api/review'))
    assert.ok(!after.data.some((row) => row.id === id))
    const told = Agreement.parse(await read('/api/agreement'))
    assert.deepEqual([told.labelled, told.agreement, told.confusion[1]?.[1]], [1, 1, 1])
    assert.deepEqual(
      told.languages.map(({ language }) => language),
      ['unknown'],
    )
    assert.equal((await label('undo')).label, null)
    assert.equal(Agreement.parse(await read('/api/agreement')).agreement, null)
  })

  test('an unknown label is refused with the list of known ones', async () => {
    const init = { method: 'POST', body: JSON.stringify({ label: 'stem' }) }
    const response = await ask(`/api/requests/${asked[1]}/label`, ADMIN, init)
    assert.equal(response.status, 400)
    assert.match(await response.text(), /stem_reasoning.*factual_recall.*language_heavy.*undo/)
  })

  test('an export has the same rows as the list, as a file', async () => {
    const response = await ask('/api/export?format=csv&class=factual_recall')
    assert.match(response.headers.get('content-disposition') ?? '', /attachment/)
    const [head, line, ...more] = (await response.text()).trimEnd().split('\r\n')
    assert.ok(head?.startsWith('id,at,team'))
    assert.ok(line?.startsWith(asked[1] ?? ''))
    assert.deepEqual(more, [])
  })

  test('a key holder sees only their own requests and budgets', async () => {
    const me = Me.parse(await read('/api/me', 'sk-other'))
    assert.deepEqual([me.team, me.key], ['research', 'other'])
    assert.deepEqual(
      me.requests.map(({ id }) => id),
      [asked[2]],
    )
    assert.deepEqual(
      me.budgets.map(({ id, raised_usd }) => [id, raised_usd]),
      [['team:research/day', 0]],
    )
    assert.deepEqual(
      me.spend.map(({ requests }) => requests),
      [1],
    )
  })

  test('a request that matches the filter enters the live log as it ends, in the list’s format', async (t) => {
    const stop = new AbortController()
    t.after(() => stop.abort())
    const live = await ask('/api/live?class=factual_recall', ADMIN, { signal: stop.signal })
    assert.match(live.headers.get('content-type') ?? '', /^text\/event-stream/)
    const reader = (live.body ?? assert.fail()).pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    const more = async () => {
      text += (await reader.read()).value ?? assert.fail(text)
    }
    while (!text.includes('retry:')) await more()
    const say = async (content: string) => {
      const body = chatBody({ model: 'auto', messages: [{ role: 'user', content }] })
      return String((await askWhole(house.chatUrl, { body, key: KEY })).headers['x-request-id'])
    }
    const other = await say('Prove that there are infinitely many primes.')
    const id = await say('What is the capital of Peru?')
    while (!text.includes('event: request') || !text.endsWith('\n\n')) await more()
    const rows = [...text.matchAll(/event: request\ndata: (.*)\n/g)].map(([, data]) =>
      ListedRequest.parse(JSON.parse(data ?? '')),
    )
    assert.deepEqual(
      rows.map((row) => row.id),
      [id],
    )
    assert.ok(!text.includes(other))
    await house.row(id)
    const listed = RequestList.parse(await read('/api/requests?limit=1')).data[0]
    assert.deepEqual(rows[0], listed)
  })
})
