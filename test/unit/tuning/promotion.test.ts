import assert from 'node:assert/strict'
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { evaluate } from '../../../src/cli/evaluate.ts'
import { promote } from '../../../src/cli/promote.ts'
import { rollback } from '../../../src/cli/rollback.ts'
import { journalFolder } from '../../../src/tuning/journal.ts'
import { addCandidate, run } from '../../support/candidates.ts'
import { prepareHouse } from '../../support/house.ts'

async function configOf(t: TestContext): Promise<string> {
  const { config, close } = await prepareHouse()
  t.after(close)
  return config
}

test('evaluate and promote refuse a candidate that does worse, with figures, and nothing changes', async (t) => {
  const config = await configOf(t)
  const version = await addCandidate(config, '\\?', 'factual_recall')
  const tried = await run(evaluate, ['--candidate', version, '--config', config])
  assert.equal(tried.code, 1)
  assert.match(tried.out, /it would be refused:\n {2}does worse on the shipped evaluation set: accuracy/)
  const { code, err } = await run(promote, [version, '--config', config])
  assert.equal(code, 1)
  assert.match(
    err,
    /does worse on the shipped evaluation set: accuracy 0\.\d+ → 0\.\d+ on \d+ prompts, -\d+\.\d points \(95 %: /,
  )
  assert.match((await run(promote, ['--history', '--config', config])).out, /nothing was promoted/)
  const nothing = await run(rollback, ['--json', '--config', config])
  assert.deepEqual([nothing.code, JSON.parse(nothing.out)], [1, { refused: ['nothing is promoted'] }])
})

test('a candidate that does no worse is promoted by short version, and the journal keeps the figures', async (t) => {
  const config = await configOf(t)
  const version = await addCandidate(config, 'xyzzy', 'stem_reasoning')
  assert.equal((await run(promote, [version.slice(0, 7), '--config', config, '--by', 'ada'])).code, 0)
  const again = await run(promote, [version, '--json', '--config', config])
  assert.deepEqual([again.code, /is already live/.test(again.err)], [1, true])
  assert.equal(JSON.parse(again.out).version, version)
  const history = (await run(promote, ['--history', '--json', '--config', config])).out
  assert.match(
    history,
    new RegExp(`"by":"ada","action":"promote","live":"${version}".*shipped set: accuracy`),
  )
})

test('files that are unusable or were changed since are refused by name', async (t) => {
  const config = await configOf(t)
  const version = await addCandidate(config, 'xyzzy', 'stem_reasoning')
  const folder = join(config, '..', 'candidates')
  const place = join(folder, version)
  const refused = async (why: RegExp) => {
    const { code, err } = await run(promote, [version, '--config', config])
    assert.equal(code, 1)
    assert.match(err, why)
  }
  const whole = join(folder, '..', 'whole')
  cpSync(place, whole, { recursive: true })
  const restore = () => cpSync(whole, place, { recursive: true })

  const weights = readFileSync(join(place, 'classifier.bin'))
  weights.writeUInt16LE(99, 8)
  writeFileSync(join(place, 'classifier.bin'), weights)
  await refused(/classifier\.bin: has format 99, this program reads \d+: train the weights anew/)
  rmSync(join(place, 'classifier.bin'))
  await refused(/classifier\.bin: no such file/)
  restore()
  const rules = readFileSync(join(place, 'rules.yaml'), 'utf8')
  writeFileSync(join(place, 'rules.yaml'), rules.replace('xyzzy', '.*sum'))
  await refused(
    /rules\.yaml:\d+: rules\[0\]\.patterns\[0\]: "\.\*sum": would be tried at almost every character/,
  )
  writeFileSync(join(place, 'rules.yaml'), rules.replace('xyzzy', '(?=x)'))
  await refused(/rules\.yaml:\d+: rules\[0\]\.patterns\[0\]/)
  writeFileSync(join(place, 'rules.yaml'), rules.replace('xyzzy', 'plugh'))
  await refused(/its files have been changed since it was made/)
  restore()
  assert.equal((await run(promote, [version, '--config', config])).code, 0)
  writeFileSync(join(journalFolder(folder), '000002.json'), 'nonsense')
  await assert.rejects(run(promote, [version, '--config', config]), /000002\.json: is not a journal entry/)
})

test('a damaged candidate can be rolled back from, but not to', async (t) => {
  const config = await configOf(t)
  const [first, second] = [
    await addCandidate(config, 'xyzzy', 'stem_reasoning'),
    await addCandidate(config, 'plugh', 'stem_reasoning'),
  ]
  for (const version of [first, second])
    assert.equal((await run(promote, [version, '--config', config])).code, 0)
  const weightsOf = (version: string) => join(config, '..', 'candidates', version, 'classifier.bin')
  const weights = readFileSync(weightsOf(first))
  for (const version of [first, second]) writeFileSync(weightsOf(version), 'cut')
  const refused = await run(rollback, ['--config', config])
  assert.deepEqual([refused.code, /classifier\.bin: is not a file of/.test(refused.err)], [1, true])
  writeFileSync(weightsOf(first), weights)
  assert.equal((await run(rollback, ['--config', config])).code, 0)
  assert.equal((await run(rollback, ['--config', config])).code, 0)
  assert.match((await run(rollback, ['--config', config])).err, /nothing is promoted/)
})

// Every rollback used to be refused for good once the candidate before the live one was gone.
test('all promotions are undone at once where what was live before is gone', async (t) => {
  const config = await configOf(t)
  const [first, second] = [
    await addCandidate(config, 'xyzzy', 'stem_reasoning'),
    await addCandidate(config, 'plugh', 'stem_reasoning'),
  ]
  for (const version of [first, second])
    assert.equal((await run(promote, [version, '--config', config])).code, 0)
  rmSync(join(config, '..', 'candidates', first), { recursive: true })
  assert.equal((await run(rollback, ['--config', config])).code, 1)
  assert.equal((await run(rollback, ['--all', '--config', config])).code, 0)
  assert.match((await run(rollback, ['--all', '--config', config])).err, /nothing is promoted/)
})
