import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, before, describe, type TestContext, test } from 'node:test'
import { parse, stringify } from 'yaml'
import { CAPTURE_MODES, type CaptureMode } from '../../src/capture/mode.ts'
import { replay } from '../../src/cli/replay.ts'
import { compose } from '../../src/compose.ts'
import { readText } from '../../src/config/file/read-text.ts'
import type { ReplayReport } from '../../src/tuning/replay/replay.ts'
import { askWhole } from '../support/client.ts'
import { eventually } from '../support/eventually.ts'
import { type HouseOptions, keyEntry, prepareHouse, readRows } from '../support/house.ts'
import { type SharedStores, startSharedStores, withoutShared } from '../support/shared-stores.ts'
import { chatBody } from '../support/written-upstream.ts'
import { RULES_FILE } from '../unit/classifier/specimen.ts'
import { capture as io } from '../unit/cli/capture.ts'

const ASKS: readonly (readonly string[])[] = [
  ['Prove that the square root of 2 is irrational'],
  ['Who wrote Moby-Dick?'],
  ['写一首关于秋天的诗'],
  ['Résous l’équation 3x + 4 = 19', 'et pour 5x + 4 = 19 ?'],
  ['Write a letter to me@example.com about the harbour, and tell her how much I liked it'],
  [`${'a long introduction that matters little. '.repeat(60)}What is the capital of Peru?`],
  ['hm'],
  [''],
]

const teams = Object.fromEntries(
  CAPTURE_MODES.map((mode) => [mode, { capture: mode, keys: [keyEntry(`sk-${mode}`)] }]),
)

async function askAll(url: string): Promise<number> {
  for (const turns of ASKS) {
    const messages = turns.flatMap((content) => [
      { role: 'user', content },
      { role: 'assistant', content: 'Yes.' },
    ])
    for (const mode of CAPTURE_MODES) {
      const body = chatBody({ model: 'auto', messages: messages.slice(0, -1), max_tokens: 50 })
      await askUntilServed(url, { body, key: `sk-${mode}` })
    }
    await askUntilServed(url, { body: chatBody({ model: 'trivium/factual_recall' }), key: 'sk-full' })
  }
  return ASKS.length * CAPTURE_MODES.length
}

/** On a busy machine a store may miss its deadline. Such a refusal leaves no row, so it is repeated. */
async function askUntilServed(url: string, asked: Parameters<typeof askWhole>[1]): Promise<void> {
  await eventually(async () => {
    const { status } = await askWhole(url, asked)
    if (status !== 503) assert.equal(status, 200)
    return status === 200 || undefined
  })
}

async function replayed(config: string, ...args: readonly string[]): Promise<ReplayReport> {
  const world = io()
  await replay.run(['--config', config, '--json', ...args], world)
  return JSON.parse(world.out())
}

/** A house that has answered all of `ASKS`. Replay needs no server, so tests close it. */
async function asked(t: TestContext, options: HouseOptions = {}) {
  const house = await prepareHouse({ settings: { teams, ...options.settings } })
  t.after(() => house.close())
  const trivium = await compose({ config: house.config, env: {} })
  const count = await askAll(`${trivium.dataUrl}/v1/chat/completions`)
  const calls = house.simulator.calls.length
  return { house, trivium, count, calls }
}

/** The shipped rules, changed. */
function writeRules(folder: string, name: string, change: (rules: Rule[]) => Rule[]): string {
  const book: { rules: Rule[] } = parse(readText(RULES_FILE))
  const file = join(folder, name)
  writeFileSync(file, stringify({ ...book, rules: change(book.rules) }))
  return file
}
type Rule = Record<string, unknown> & { readonly patterns: readonly string[]; readonly weight: number }

test('without changes a replay gives identical verdicts and models, and asks no upstream', async (t) => {
  const { house, trivium, count, calls } = await asked(t)
  await eventually(() => readRows(house.database).every(({ outcome }) => outcome !== null) || undefined)
  await trivium.close()
  const report = await replayed(house.config)
  const { rows, replayed: again, missing, identical, same_versions, moved, models, by } = report
  assert.deepEqual([rows, missing], [count, { nothing: ASKS.length }])
  assert.deepEqual([again, identical, moved], [count - ASKS.length, count - ASKS.length, 0])
  assert.deepEqual(same_versions, { rows: again, identical: again })
  assert.deepEqual(models, [])
  assert.equal(by.redacted, 0)
  // Redaction changed one of the prompts, so features are stored beside its text.
  assert.equal(by.features, ASKS.length + 2)
  assert.equal(house.simulator.calls.length, calls)
  const one = await replayed(house.config, '--team', 'excerpt')
  assert.deepEqual([one.rows, one.identical], [ASKS.length, ASKS.length])
})

test('changed rules move what they match, and new patterns without a stored text are reported', async (t) => {
  const { house, trivium } = await asked(t)
  await trivium.close()
  const folder = dirname(house.config)
  const deciding: Rule = {
    id: 'harbour',
    class: 'stem_reasoning',
    weight: 8,
    decide: true,
    reason: 'test',
    languages: ['any'],
    patterns: ['harbour'],
    example: 'the harbour',
    counter_example: 'the port',
  }
  const more = writeRules(folder, 'more.yaml', (rules) => [...rules, deciding])
  const all = await replayed(house.config, '--rules', more)
  assert.equal(all.missing.rules, ASKS.length)
  assert.equal(all.by.redacted, 2)
  assert.ok(all.classes.some(({ to, rows }) => to === 'stem_reasoning' && rows === 2))
  const [move] = all.models.filter(({ to }) => to === 'o1-mini')
  assert.ok(move && move.rows === 2 && move.priced === 2 && move.new_cost_nusd !== move.cost_nusd)
  assert.equal(all.caveats.rows_to_reasoning, 2)
  assert.equal(all.biggest[0]?.new_model, 'o1-mini')

  const fewer = writeRules(folder, 'fewer.yaml', (rules) => rules.slice(5))
  // The rules in force need not be named.
  assert.equal((await replayed(house.config, '--rules', fewer)).missing.rules, undefined)
  house.rewrite({ settings: { teams, classifier: { rules: 'fewer.yaml' } } })
  assert.equal((await replayed(house.config)).missing.rules, ASKS.length)
  assert.equal((await replayed(house.config, '--was', RULES_FILE)).missing.rules, undefined)

  const turned = writeRules(folder, 'turned.yaml', (rules) =>
    rules.map((rule) => ({ ...rule, weight: -rule.weight })),
  )
  const reweighed = await replayed(house.config, '--rules', turned, '--team', 'features')
  assert.equal(reweighed.replayed, ASKS.length)
  assert.ok(reweighed.identical < ASKS.length)
})

test('changed routes move models while every verdict stays', async (t) => {
  const { house, trivium } = await asked(t)
  await trivium.close()
  const routes = { stem_reasoning: ['gpt-4o'], factual_recall: ['gpt-4o'], language_heavy: ['gpt-4o'] }
  house.rewrite({ settings: { teams, routes } })
  const { moved, identical, replayed: again, models } = await replayed(house.config)
  assert.deepEqual([moved, identical], [0, again])
  assert.ok(models.every(({ to }) => to === 'gpt-4o'))
  const fact = models.find(({ from }) => from === 'gpt-4o-mini')
  assert.ok(fact && fact.new_cost_nusd > fact.cost_nusd)
  const cheap = models.find(({ from }) => from === 'o1-mini')
  assert.ok(cheap && cheap.rows > 0)
})

test('the printed report says how many rows were decided again, what moved and what could not be', async (t) => {
  const { house, trivium } = await asked(t)
  await trivium.close()
  const page = io()
  assert.equal(await replay.run(['--config', house.config], page), 0)
  assert.match(page.out(), /^24 of 32 requests decided again by rules \w{12}, weights \w{12}$/m)
  assert.match(page.out(), /not decided again: 8, nothing was kept of them/)
  assert.match(
    page.out(),
    /^moved .* 0 \(0\.0 %\)\nidentical verdicts, confidence included: 24; among rows .* 24 of 24$/m,
  )
  assert.equal(await replay.run(['--config', house.config, '--team', 'none'], io()), 1)
  for (const wrong of [
    ['--moves', 'many'],
    ['--since', 'soon'],
    ['--rules', 'absent.yaml'],
  ])
    await assert.rejects(replay.run(['--config', house.config, ...wrong], io()))
})

describe('from Postgres', { skip: withoutShared }, () => {
  let stores: SharedStores
  before(async () => {
    stores = await startSharedStores()
  })
  after(() => stores.dispose())

  test('a replay decides the same again', async (t) => {
    const store = { redis: stores.redis.url, postgres: stores.postgres.url }
    const { house, trivium, count } = await asked(t, { settings: { store } })
    const modes: readonly CaptureMode[] = CAPTURE_MODES.filter((mode) => mode !== 'none')
    const decided = 'SELECT count(*) AS n FROM ledger WHERE confidence < 1'
    await eventually(async () => Number((await stores.query(decided))[0]?.n) === count || undefined)
    await trivium.close()
    const report = await replayed(house.config)
    assert.deepEqual([report.rows, report.missing], [count, { nothing: ASKS.length }])
    assert.equal(report.identical, ASKS.length * modes.length)
  })
})
