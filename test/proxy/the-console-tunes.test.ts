import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { ReplayRun, RuleCheck, Tuning } from '../../src/admin/api/answers/tuning.ts'
import { candidates } from '../../src/cli/candidates.ts'
import { JournalEntry } from '../../src/tuning/journal-entry.ts'
import { Manifest } from '../../src/tuning/manifest.ts'
import { ADMIN_TOKEN, person } from '../support/admin-api.ts'
import { type Ask, askingAs, refusalIn } from '../support/api-client.ts'
import { rulesDeciding, run } from '../support/candidates.ts'
import { askWhole } from '../support/client.ts'
import { eventually } from '../support/eventually.ts'
import { type House, openHouse } from '../support/house.ts'

const QUESTION = { model: 'auto', messages: [{ role: 'user', content: 'Who wrote Moby-Dick, xyzzy?' }] }
const server = {
  listen: '127.0.0.1:0',
  admin: '127.0.0.1:0',
  drain: '200ms',
  admin_token: ADMIN_TOKEN,
  people: [person('vera', 'viewer'), person('rita', 'reviewer'), person('ada', 'admin')],
}

interface Rooms {
  readonly house: House
  readonly vera: Ask
  readonly rita: Ask
  readonly ada: Ask
}

async function openRooms(t: TestContext, team = {}): Promise<Rooms> {
  const house = await openHouse(t, { settings: { server }, team })
  const as = (name: string) => askingAs(house.adminUrl, `${name}-token`)
  return { house, vera: as('vera'), rita: as('rita'), ada: as('ada') }
}

async function makeCandidate(rita: Ask, pattern: string, promptClass: string): Promise<string> {
  const rules = rulesDeciding(pattern, promptClass)
  const { status, json } = await rita('POST', '/api/tuning/candidates', { rules, note: 'tried' })
  assert.equal(status, 201, JSON.stringify(json))
  return Manifest.parse(json).version
}

async function servedBy({ chatUrl }: House): Promise<unknown> {
  return (await askWhole(chatUrl, { body: QUESTION })).headers['x-trivium-model']
}

// The console said that it was rolled back, and the server went on with what it had.
test('a decision that a fault in the configuration keeps from taking effect says so', async (t) => {
  const { house, rita, ada } = await openRooms(t)
  const version = await makeCandidate(rita, 'moby-dick', 'stem_reasoning')
  assert.equal((await ada('POST', '/api/tuning/promote', { version })).status, 200)
  const whole = readFileSync(house.config, 'utf8')
  writeFileSync(house.config, whole.replace('- gpt-4o-mini', '- no-such-model'))
  const refused = await ada('POST', '/api/tuning/rollback', {})
  const { code, message } = refusalIn(refused)
  assert.deepEqual([refused.status, code], [409, 'configuration_refused'])
  assert.match(message, /^Recorded, but not in force .*: trivium\.yaml:\d+: routes\..*no-such-model/)
  assert.equal(await servedBy(house), 'o1-mini')
  writeFileSync(house.config, whole)
  await house.reload()
  assert.equal(await servedBy(house), 'gpt-4o-mini')
})

test('rules are edited, replayed, promoted and rolled back, each in force for the next request', async (t) => {
  const { house, vera, rita, ada } = await openRooms(t, { capture: 'features' })
  assert.equal(await servedBy(house), 'gpt-4o-mini')
  const before = Tuning.parse((await vera('GET', '/api/tuning')).json)
  assert.deepEqual([before.live.version, before.can_roll_back], [null, false])
  assert.equal(before.rules, readFileSync('config/rules.yaml', 'utf8'))

  const version = await makeCandidate(rita, 'moby-dick', 'stem_reasoning')
  const begun = await rita('POST', '/api/tuning/replay', { version })
  assert.equal(begun.status, 202, JSON.stringify(begun.json))
  const { id } = ReplayRun.parse(begun.json)
  const run = await eventually(async () => {
    const seen = ReplayRun.parse((await vera('GET', `/api/tuning/replay/${id}`)).json)
    return seen.state === 'running' ? undefined : seen
  })
  assert.equal(run.state, 'done', run.problem ?? '')
  assert.equal(run.report?.rows, 1)
  // A new pattern cannot be matched against stored features, which is reported and not guessed.
  assert.deepEqual(run.report?.missing, { rules: 1 })

  const promoted = await ada('POST', '/api/tuning/promote', { version })
  assert.equal(promoted.status, 200, JSON.stringify(promoted.json))
  assert.deepEqual((({ by, action, live }) => ({ by, action, live }))(JournalEntry.parse(promoted.json)), {
    by: 'ada',
    action: 'promote',
    live: version,
  })
  assert.equal(await servedBy(house), 'o1-mini')
  const after = Tuning.parse((await vera('GET', '/api/tuning')).json)
  assert.deepEqual([after.live.version, after.live.by, after.can_roll_back], [version, 'ada', true])
  assert.equal((await ada('POST', '/api/tuning/rollback', {})).status, 200)
  assert.equal(await servedBy(house), 'gpt-4o-mini')
})

test('the rule check reports each problem with its line and column, slow patterns included', async (t) => {
  const { rita } = await openRooms(t)
  const check = async (rules: string) =>
    RuleCheck.parse((await rita('POST', '/api/tuning/check', { rules })).json)
  const good = await check(readFileSync('config/rules.yaml', 'utf8'))
  assert.equal(good.ok, true)
  assert.ok((good.counts?.patterns ?? 0) > (good.counts?.rules ?? 0))
  const slow = await check(rulesDeciding('.*sum', 'stem_reasoning'))
  assert.equal(slow.ok, false)
  const [problem] = slow.problems
  const lines = rulesDeciding('.*sum', 'stem_reasoning').split('\n')
  assert.equal(lines[(problem?.line ?? 0) - 1]?.slice((problem?.column ?? 0) - 1), "'.*sum']")
  assert.equal(problem?.path, 'rules[0].patterns[0]')
  assert.match(problem?.message ?? '', /would be tried at almost every character/)
  assert.match((await check(rulesDeciding('(?=x)', 'stem_reasoning'))).problems[0]?.message ?? '', /\(\?=x\)/)
  const [broken] = (await check('rules: [\n  {id: a')).problems
  assert.match(broken?.message ?? '', /not valid YAML/)
  assert.ok((broken?.line ?? 0) > 0 && (broken?.column ?? 0) > 0)
  const refused = await rita('POST', '/api/tuning/candidates', { rules: 'rules: 3' })
  assert.deepEqual([refused.status, refusalIn(refused).code], [409, 'configuration_refused'])
})

test('rules that already are a candidate are refused with its version, and it stays unchanged', async (t) => {
  const { house, rita, ada } = await openRooms(t)
  const version = await makeCandidate(rita, 'moby-dick', 'stem_reasoning')
  const rules = rulesDeciding('moby-dick', 'stem_reasoning')
  const again = await ada('POST', '/api/tuning/candidates', { rules, note: 'once more' })
  assert.deepEqual([again.status, refusalIn(again).code], [409, 'candidate_exists'])
  assert.match(refusalIn(again).message, new RegExp(`already exists: ${version}, "tried", by rita`))
  assert.deepEqual(refusalIn(again).metadata, { version })
  const file = join(house.config, '..', 'again.yaml')
  writeFileSync(file, rules)
  const args = ['add', '--rules', file, '--config', house.config, '--by', 'ada', '--note', 'by hand']
  const added = await run(candidates, args)
  assert.deepEqual([added.code, added.out], [0, `candidate ${version}\n`])
  assert.match(added.err, /already exists: .*, "tried", by rita/)
  const { out } = await run(candidates, [...args, '--json'])
  assert.deepEqual(
    [Manifest.parse(JSON.parse(out)).by, Manifest.parse(JSON.parse(out)).note],
    ['rita', 'tried'],
  )
})

test('a worse candidate, and one whose weights have another format, are refused with the reason', async (t) => {
  const { house, rita, ada, vera } = await openRooms(t)
  const losing = await makeCandidate(rita, '\\?', 'factual_recall')
  const refused = await ada('POST', '/api/tuning/promote', { version: losing })
  assert.deepEqual([refused.status, refusalIn(refused).code], [409, 'candidate_refused'])
  assert.match(
    refusalIn(refused).message,
    /does worse on the shipped evaluation set: accuracy 0\.\d+ → 0\.\d+/,
  )
  const foreign = await makeCandidate(rita, 'xyzzy', 'stem_reasoning')
  const file = join(house.config, '..', 'candidates', foreign, 'classifier.bin')
  const weights = readFileSync(file)
  weights.writeUInt16LE(99, 8)
  writeFileSync(file, weights)
  const unreadable = await ada('POST', '/api/tuning/promote', { version: foreign })
  assert.equal(unreadable.status, 409)
  assert.match(refusalIn(unreadable).message, /has format 99, this program reads \d+: train the weights anew/)
  const none = await ada('POST', '/api/tuning/rollback', {})
  assert.deepEqual([none.status, refusalIn(none).message], [409, 'nothing is promoted'])
  assert.equal((await ada('POST', '/api/tuning/promote', { version: 'ffffffffffff' })).status, 404)
  assert.deepEqual(Tuning.parse((await vera('GET', '/api/tuning')).json).history, [])
})

test('of concurrent promotions the last accepted one is live, and the journal has each accepted one', async (t) => {
  const { rita, ada, vera } = await openRooms(t)
  const versions = [
    await makeCandidate(rita, 'xyzzy', 'stem_reasoning'),
    await makeCandidate(rita, 'plugh', 'stem_reasoning'),
  ]
  const answers = await Promise.all(
    versions.map((version) => ada('POST', '/api/tuning/promote', { version })),
  )
  const statuses = answers.map(({ status }) => status)
  const { history, live } = Tuning.parse((await vera('GET', '/api/tuning')).json)
  // Either the second was evaluated against the first, or somebody is told to look again.
  assert.ok(statuses.every((status) => status === 200 || status === 409))
  assert.equal(history.length, statuses.filter((status) => status === 200).length)
  assert.equal(live.version, history[0]?.live)
})

test('a viewer cannot change anything, a reviewer cannot promote, and both are told forbidden', async (t) => {
  const { vera, rita } = await openRooms(t)
  const version = await makeCandidate(rita, 'xyzzy', 'stem_reasoning')
  const attempts = [
    [vera, 'POST', '/api/tuning/promote', { version }],
    [vera, 'POST', '/api/tuning/candidates', { rules: 'rules: []' }],
    [vera, 'POST', '/api/tuning/check', { rules: '' }],
    [vera, 'POST', '/api/tuning/replay', {}],
    [rita, 'POST', '/api/tuning/promote', { version }],
    [rita, 'POST', '/api/tuning/rollback', {}],
    [rita, 'POST', '/api/tuning/shadow', { version }],
  ] as const
  for (const [ask, method, path, body] of attempts) {
    const refused = await ask(method, path, body)
    assert.deepEqual([refused.status, refusalIn(refused).code], [403, 'forbidden'], path)
  }
  assert.deepEqual(Tuning.parse((await vera('GET', '/api/tuning')).json).history, [])
})

test('a replay counts rows without a stored prompt as such', async (t) => {
  const { house, rita } = await openRooms(t)
  await servedBy(house)
  const { id } = ReplayRun.parse((await rita('POST', '/api/tuning/replay', {})).json)
  const ended = await eventually(async () => {
    const seen = ReplayRun.parse((await rita('GET', `/api/tuning/replay/${id}`)).json)
    return seen.state === 'running' ? undefined : seen
  })
  assert.deepEqual([ended.state, ended.report?.missing], ['done', { nothing: 1 }])
  assert.equal((await rita('GET', '/api/tuning/replay/none')).status, 404)
})
