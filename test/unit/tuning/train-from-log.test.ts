import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { candidates } from '../../../src/cli/candidates.ts'
import { promote } from '../../../src/cli/promote.ts'
import { train } from '../../../src/cli/train.ts'
import { readClassifier } from '../../../src/config/classifier.ts'
import { findCandidate } from '../../../src/tuning/candidates.ts'
import { readLabelledPrompts } from '../../../src/tuning/labelled/labelled-prompts.ts'
import { run } from '../../support/candidates.ts'
import { prepareHouse } from '../../support/house.ts'
import { type LabelledText, writeLabelledLedger } from '../../support/labelled-ledger.ts'

async function legal(name: string): Promise<readonly LabelledText[]> {
  const prompts = await readLabelledPrompts(`test/bench/tuning/${name}.jsonl`)
  return prompts.map(({ label, messages }) => ({ label, text: String(messages[0]?.content) }))
}

async function houseOf(t: TestContext) {
  const { config, database, close } = await prepareHouse()
  t.after(close)
  return { config, database, folder: join(config, '..', 'candidates') }
}

test('200 labels teach a new domain from features alone, and the candidate is promoted', async (t) => {
  const { config, database, folder } = await houseOf(t)
  await writeLabelledLedger(database, await legal('legal-labels'), 'features')
  const trained = await run(train, ['--from-log', '--candidate', '--json', '--config', config, '--by', 'ada'])
  assert.equal(trained.code, 0, trained.err)
  const version = /"version":"(\w+)"/.exec(trained.out)?.[1] ?? ''
  const { manifest, rulesFile, weightsFile } = findCandidate(folder, version)
  const { training } = manifest
  assert.ok(training?.left_out && training.left_out.rows === 200)
  assert.ok(training.left_out.after - training.left_out.before >= 0.05, JSON.stringify(training.left_out))
  assert.deepEqual(training.labels, { stem_reasoning: 80, factual_recall: 60, language_heavy: 60 })

  const settings = { abstainBelow: 0.5, abstainTo: 'language_heavy', remember: 0 } as const
  const before = readClassifier({ rulesFile, weightsFile: 'config/classifier.bin', ...settings })
  const after = readClassifier({ rulesFile, weightsFile, ...settings })
  const unseen = await legal('legal-held-out')
  const accuracyOf = ({ classify }: typeof before) =>
    unseen.filter(({ text, label }) => classify([{ role: 'user', content: text }]).class === label).length /
    unseen.length
  const wrong = { before: 1 - accuracyOf(before), after: 1 - accuracyOf(after) }
  assert.ok(wrong.after <= 0.75 * wrong.before, `on fields of law without labels: ${JSON.stringify(wrong)}`)

  const promoted = await run(promote, [version, '--config', config])
  assert.equal(promoted.code, 0, promoted.err)
  assert.match(promoted.err, /labelled rows: accuracy 0\.\d+ → 0\.\d+ on 200 prompts/)

  // An edit on top of it is judged with weights that have not seen the rows, so memorised rows do not count.
  const edited = await run(candidates, ['add', '--abstain-below', '0.99', '--json', '--config', config])
  const doubtful = /"version":"(\w+)"/.exec(edited.out)?.[1] ?? ''
  const refused = await run(promote, [doubtful, '--config', config])
  assert.equal(refused.code, 1)
  const [, now, then] = /labelled rows: accuracy (0\.\d+) → (0\.\d+)/.exec(refused.err) ?? []
  assert.ok(Math.abs(Number(now) - training.left_out.after) < 0.001, refused.err)
  assert.ok(
    Number(then) < Number(now) - 0.1,
    'what the edit costs is seen on rows that the weights were trained on',
  )
})

test('the same labels give the same weights, whether text or features were kept', async (t) => {
  const labels = (await legal('legal-labels')).slice(0, 60)
  const bytes: Buffer[] = []
  for (const mode of ['features', 'excerpt'] as const) {
    const { config, database } = await houseOf(t)
    await writeLabelledLedger(database, labels, mode)
    const out = join(config, '..', 'learnt.bin')
    const { code, err } = await run(train, ['--from-log', '--out', out, '--config', config])
    assert.equal(code, 0, err)
    bytes.push(readFileSync(out))
  }
  const [features, words] = bytes
  assert.ok(features && words && features.equals(words))
})

test('too few labels are refused, and so are contradictory options', async (t) => {
  const { config, database } = await houseOf(t)
  await writeLabelledLedger(database, (await legal('legal-labels')).slice(0, 9), 'features')
  const { code, err } = await run(train, ['--from-log', '--candidate', '--config', config])
  assert.equal(code, 1)
  assert.equal(err, 'trivium train: 9 labelled rows: too few to learn from; label at least 10\n')
  await assert.rejects(run(train, ['--from-log', '--config', config]), /--out FILE is missing/)
  await assert.rejects(run(train, ['--candidate', 'x.jsonl']), /--candidate goes with --from-log/)
})
