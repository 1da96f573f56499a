import assert from 'node:assert/strict'
import { test } from 'node:test'
import { requestId } from '../../../src/base/ids.ts'
import { secondOpinion } from '../../../src/flow/conclude/second-opinion.ts'

type Shadow = NonNullable<Parameters<typeof secondOpinion>[1]['live']['runtime']['shadow']>

function judgedBeside(classify: () => unknown): Parameters<typeof secondOpinion>[1] {
  const shadow = { classify, rulesVersion: 'r', weightsVersion: 'w' } as unknown as Shadow
  return {
    id: requestId(0),
    evidence: '{"text":"Hi"}',
    routed: { class: 'language_heavy' },
    live: { runtime: { shadow } },
  }
}

test('the shadow adds its verdict to the evidence', () => {
  const verdict = { class: 'factual_recall', confidence: 0.5, cause: 'model' }
  const opinion = secondOpinion(
    silent([]),
    judgedBeside(() => verdict),
    [],
  )
  assert.equal(opinion?.agrees, false)
  assert.deepEqual(JSON.parse(opinion?.evidence ?? ''), {
    text: 'Hi',
    shadow: { ...verdict, rules_version: 'r', weights_version: 'w' },
  })
})

// It used to reject the settlement, so that the hold stayed until the next start.
test('a shadow that fails is logged and keeps no settlement', () => {
  const logged: unknown[] = []
  const judged = judgedBeside(() => {
    throw new Error('broken weights')
  })
  assert.equal(secondOpinion(silent(logged), judged, []), undefined)
  assert.equal(logged.length, 1)
})

function silent(logged: unknown[]): Parameters<typeof secondOpinion>[0] {
  return { log: { error: (what: unknown) => logged.push(what) } } as unknown as Parameters<
    typeof secondOpinion
  >[0]
}
