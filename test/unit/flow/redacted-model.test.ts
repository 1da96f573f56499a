import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compileRedaction } from '../../../src/capture/redaction.ts'
import { namedModel } from '../../../src/flow/redacted-model.ts'
import { gpt4o, o4Mini } from '../../support/targets.ts'
import { secrets } from '../capture/secrets.ts'

const targets = new Map([gpt4o, o4Mini].map((target) => [target.model, target]))
const redact = compileRedaction([])

test('a known name is recorded as it is, without a scan for secrets', () => {
  const blind = { targets, redact: () => assert.fail('looked at') }
  for (const name of ['gpt-4o', 'o4-mini', 'auto', 'trivium/factual_recall']) {
    assert.equal(namedModel(blind, name), name)
  }
})

test('names of models from elsewhere are recorded as they are', () => {
  for (const name of ['gpt-9', 'claude-3-5-sonnet-20241022', 'trivium/pin:gpt-4o-mini-2024-07-18', '']) {
    assert.equal(namedModel({ targets, redact }, name), name)
  }
})

test('a secret sent as a model name is not recorded, however long the name', () => {
  fc.assert(
    fc.property(secrets, fc.nat(600), ({ written, core }, before) => {
      const kept = namedModel({ targets, redact }, `${'m '.repeat(before / 2)}${written}`)
      assert.ok(!kept.includes(core), kept)
      assert.ok(kept.length <= 600)
    }),
  )
})
