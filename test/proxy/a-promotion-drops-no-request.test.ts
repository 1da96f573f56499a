import assert from 'node:assert/strict'
import { renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { ShadowPage } from '../../src/admin/api/answers/tuning.ts'
import { candidates } from '../../src/cli/candidates.ts'
import { promote } from '../../src/cli/promote.ts'
import { rollback } from '../../src/cli/rollback.ts'
import { shadow } from '../../src/cli/shadow.ts'
import { addCandidate, run } from '../support/candidates.ts'
import { ask, askWhole, payloads } from '../support/client.ts'
import { eventually } from '../support/eventually.ts'
import { openHouse } from '../support/house.ts'

/** Of o1-mini, in nano-dollars per token. */
const PRICE = { input: 1100, output: 4400 }
const QUESTION = { model: 'auto', messages: [{ role: 'user', content: 'Who wrote Moby-Dick, xyzzy?' }] }

test('a promotion and its rollback take effect while requests are in flight and drop none', async (t) => {
  const house = await openHouse(t)
  house.simulator.follow((request) =>
    request.stream ? { fault: { kind: 'pause', when: 'mid_frame' } } : undefined,
  )
  const version = await addCandidate(house.config, 'xyzzy', 'stem_reasoning')
  const stream = await ask(house.chatUrl, { body: { ...QUESTION, stream: true } })
  const asked: { status: number; model: unknown; id: unknown }[] = []
  let over = false
  const asking = (async () => {
    while (!over) {
      const { status, headers } = await askWhole(house.chatUrl, { body: QUESTION })
      asked.push({ status, model: headers['x-trivium-model'], id: headers['x-request-id'] })
      await setTimeout(5)
    }
  })()
  const servedBy = (model: string) => eventually(() => asked.at(-1)?.model === model || undefined)

  await servedBy('gpt-4o-mini')
  const promoted = await run(promote, [version, '--config', house.config, '--by', 'ada'])
  assert.equal(promoted.code, 0, promoted.err)
  await servedBy('o1-mini')
  assert.equal((await run(rollback, ['--config', house.config])).code, 0)
  await servedBy('gpt-4o-mini')
  over = true
  await asking

  assert.deepEqual([...new Set(asked.map(({ status }) => status))], [200])
  house.simulator.release()
  assert.equal(await stream.ended, 'whole')
  assert.equal(payloads(stream.text()).at(-1), '[DONE]')
  const rowOf = async (model: string) => house.row(asked.find((one) => one.model === model)?.id)
  const [before, under] = [await rowOf('gpt-4o-mini'), await rowOf('o1-mini')]
  assert.notEqual(before.rules_version, under.rules_version)
  assert.equal(under.rules_version?.slice(0, 6), version.slice(0, 6))
  assert.equal(under.cause, 'rule:of-the-test')
})

// The server went back to the configuration's rules without a word.
test('a promoted candidate stays live while its folder is away, and readiness says so', async (t) => {
  const house = await openHouse(t)
  const version = await addCandidate(house.config, 'xyzzy', 'stem_reasoning')
  const promoted = await run(promote, [version, '--config', house.config])
  assert.equal(promoted.code, 0, promoted.err)
  const modelServing = async () =>
    (await askWhole(house.chatUrl, { body: QUESTION })).headers['x-trivium-model']
  await eventually(async () => (await modelServing()) === 'o1-mini' || undefined)
  const folder = join(dirname(house.config), 'candidates')
  renameSync(folder, `${folder}-away`)
  await eventually(async () => {
    const told = await (await fetch(`${house.adminUrl}/readyz`)).text()
    return /held 1: was the folder removed/.test(told) || undefined
  })
  assert.equal(await modelServing(), 'o1-mini')
  rmSync(folder, { recursive: true, force: true })
  renameSync(`${folder}-away`, folder)
  await eventually(async () => (await fetch(`${house.adminUrl}/readyz`)).ok || undefined)
  assert.equal(await modelServing(), 'o1-mini')
})

test('thresholds are promoted and rolled back like rules, and rows name their version', async (t) => {
  const house = await openHouse(t)
  const args = ['--config', house.config]
  const doubtful = ['--abstain-below', '1', '--abstain-to', 'language_heavy', '--note', 'doubts all']
  const { out } = await run(candidates, ['add', ...doubtful, '--json', ...args])
  const version = /"version":"([0-9a-f]{12})"/.exec(out)?.[1] ?? ''
  assert.match(out, /"thresholds":\{"abstain_below":1,"abstain_to":"language_heavy"\}/)
  assert.equal((await run(promote, [version, '--margin', '100', ...args])).code, 0)
  await house.reload()
  const asked = async () => {
    const { headers } = await askWhole(house.chatUrl, { body: QUESTION })
    const { cause, rules_version } = await house.row(headers['x-request-id'])
    return { cause, model: headers['x-trivium-model'], rules: rules_version?.slice(0, 6) }
  }
  assert.deepEqual(await asked(), { cause: 'abstained', model: 'gpt-4o', rules: version.slice(0, 6) })
  assert.equal((await run(rollback, args)).code, 0)
  await house.reload()
  const before = await asked()
  assert.deepEqual([before.cause, before.model], ['model', 'gpt-4o-mini'])
  assert.notEqual(before.rules, version.slice(0, 6))
})

test('a shadow classifies beside the live version, decides nothing, and reports what would have moved', async (t) => {
  const house = await openHouse(t)
  const version = await addCandidate(house.config, 'xyzzy', 'stem_reasoning')
  assert.equal((await run(shadow, [version, '--config', house.config])).code, 0)
  await house.reload()
  const other = { model: 'auto', messages: [{ role: 'user', content: 'Write a poem about rain.' }] }
  for (const body of [QUESTION, other]) {
    const { status, headers } = await askWhole(house.chatUrl, { body })
    assert.equal(status, 200)
    const { evidence } = await house.row(headers['x-request-id'])
    assert.match(JSON.stringify(evidence), /"logits":.*"shadow":\{"class":"\w+","confidence":/)
    if (body === QUESTION) assert.equal(headers['x-trivium-model'], 'gpt-4o-mini')
  }
  const { out } = await run(shadow, ['--report', '--json', '--config', house.config])
  const report = ShadowPage.shape.shadows.element.parse(JSON.parse(out))
  assert.deepEqual([report.rows, report.moved, report.labelled], [2, 1, null])
  const [{ cost_nusd, new_cost_nusd, ...move } = assert.fail('nobody would move'), ...others] = report.moves
  assert.deepEqual([move, others], [{ from: 'factual_recall', to: 'stem_reasoning', rows: 1, priced: 1 }, []])
  const moved = house.rows().find((row) => row.class === 'factual_recall')
  assert.equal(cost_nusd, moved?.cost_nusd)
  const { input_tokens: read, output_tokens: wrote } = moved ?? assert.fail('there is no such row')
  assert.equal(new_cost_nusd, PRICE.input * (read ?? 0) + PRICE.output * (wrote ?? 0), 'at o1-mini’s prices')
})

test('a shadow named in the configuration cannot be changed by a command', async (t) => {
  const house = await openHouse(t)
  await addCandidate(house.config, 'xyzzy', 'stem_reasoning')
  house.rewrite({ settings: { shadow: { rules: 'candidate-rules.yaml' } } })
  await house.reload()
  const { headers } = await askWhole(house.chatUrl, { body: QUESTION })
  const { evidence } = await house.row(headers['x-request-id'])
  assert.match(JSON.stringify(evidence), /"shadow":\{"class":"stem_reasoning"/)
  const refused = await run(shadow, ['off', '--config', house.config])
  assert.equal(refused.code, 1)
  assert.match(refused.err, /the configuration names a shadow/)
})
