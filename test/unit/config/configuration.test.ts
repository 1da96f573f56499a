import assert from 'node:assert/strict'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { filesOf, readConfiguration } from '../../../src/config/configuration.ts'
import { WatchedFiles } from '../../../src/config/watched-files.ts'
import { problemsOf, sample, write } from './sample.ts'

/** A configuration with rules and weights of its own. */
function own(t: TestContext): string {
  const file = write(t, sample('classifier: { rules: rules.yaml, weights: classifier.bin }\n'))
  for (const name of ['rules.yaml', 'classifier.bin']) {
    copyFileSync(join('config', name), join(dirname(file), name))
  }
  return file
}

test('reads and compiles the configuration, and names every file to watch', (t) => {
  const file = own(t)
  const read = readConfiguration(file, {})
  assert.equal(
    read.runtime.classifier.classify([{ role: 'user', content: 'Prove it.' }]).cause.length > 0,
    true,
  )
  assert.equal(read.process.logLevel, 'info')
  assert.deepEqual(
    filesOf(read).map((each) => each.replace(`${dirname(file)}/`, '')),
    [
      'trivium.yaml',
      join(process.cwd(), 'config/models.yaml'),
      'rules.yaml',
      'classifier.bin',
      join(process.cwd(), 'data/candidates/journal'),
    ],
  )
})

test('keeps the running classifier while its files and settings are unchanged', (t) => {
  const file = own(t)
  const first = readConfiguration(file, {})
  writeFileSync(file, `${readFileSync(file, 'utf8')}log: { level: warn }\n`)
  const second = readConfiguration(file, {}, first)
  assert.equal(second.process.logLevel, 'warn')
  assert.equal(second.runtime.classifier, first.runtime.classifier)
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace('classifier.bin }', 'classifier.bin, abstain_below: 0.6 }'),
  )
  const third = readConfiguration(file, {}, second)
  assert.notEqual(third.runtime.classifier, second.runtime.classifier)
  const rules = join(dirname(file), 'rules.yaml')
  writeFileSync(rules, `${readFileSync(rules, 'utf8')}\n# edited\n`)
  assert.notEqual(readConfiguration(file, {}, third).runtime.classifier, third.runtime.classifier)
})

// Compiling them takes seconds, and they were watched only from then on: the edit waited for the next one.
test('rules that are edited while the configuration is read for the first time are seen to have changed', (t) => {
  const file = own(t)
  const rules = join(dirname(file), 'rules.yaml')
  const files = new WatchedFiles([file])
  const started = readConfiguration(file, {}, undefined, (named) => {
    files.willBeReadToo(named)
    // The earliest moment at which anything of them has been read.
    writeFileSync(rules, `${readFileSync(rules, 'utf8')}\n# edited\n`)
  })
  files.follow(filesOf(started))
  assert.equal(files.look(), 'changed')
})

test('refuses rules and weights that cannot be used', (t) => {
  const file = own(t)
  writeFileSync(join(dirname(file), 'classifier.bin'), 'not weights')
  assert.equal(problemsOf(() => readConfiguration(file, {})).length, 1)
  writeFileSync(join(dirname(file), 'rules.yaml'), 'rulez: []\n')
  assert.match(
    problemsOf(() => readConfiguration(file, {})).join('\n'),
    /^1: rulez: unknown key; did you mean "rules"\?$/m,
  )
})
