import assert from 'node:assert/strict'
import { test } from 'node:test'
import { failureOf } from '../../../src/base/failure.ts'
import { readWish, type Steering } from '../../../src/routing/wish.ts'

const known = new Set(['gpt-4o', 'o1-mini', 'secret'])
const models = new Set(['gpt-4o', 'o1-mini', 'not-configured'])

function wish(routing: Steering['routing'], model: string, header?: string): string {
  try {
    const read = readWish(model, header, { routing, models }, known)
    return read.kind === 'auto' ? 'auto' : `${read.kind} ${read.kind === 'class' ? read.class : read.model}`
  } catch (thrown) {
    const failure = failureOf(thrown)
    return failure.code === 'model_not_found' ? `no ${failure.model}` : failure.code
  }
}

test('only a team without a list of models is told that a model is not configured', () => {
  const told = (models: Steering['models']) => {
    try {
      return readWish('gpt-9', 'off', { routing: 'always', models }, known)
    } catch (thrown) {
      return Reflect.get(failureOf(thrown), 'isUnlisted')
    }
  }
  assert.deepEqual([told(undefined), told(models)], [true, false])
})

type Row = [model: string, header: string | undefined, always: string, autoOnly: string, off: string]

const rows: Row[] = [
  ['auto', undefined, 'auto', 'auto', 'no auto'],
  ['gpt-4o', undefined, 'auto', 'off gpt-4o', 'off gpt-4o'],
  ['anything', undefined, 'auto', 'no anything', 'no anything'],
  ['secret', undefined, 'auto', 'no secret', 'no secret'],
  ['not-configured', undefined, 'auto', 'no not-configured', 'no not-configured'],
  [
    'trivium/stem_reasoning',
    undefined,
    'class stem_reasoning',
    'class stem_reasoning',
    'no trivium/stem_reasoning',
  ],
  ['trivium/poetry', undefined, 'no trivium/poetry', 'no trivium/poetry', 'no trivium/poetry'],
  ['trivium/pin:o1-mini', undefined, 'pin o1-mini', 'pin o1-mini', 'pin o1-mini'],
  ['trivium/pin:secret', undefined, 'no secret', 'no secret', 'no secret'],
  ['trivium/pin:', undefined, 'no ', 'no ', 'no '],
  ['gpt-4o', 'off', 'off gpt-4o', 'off gpt-4o', 'off gpt-4o'],
  ['anything', 'off', 'no anything', 'no anything', 'no anything'],
  ['auto', 'off', 'no auto', 'no auto', 'no auto'],
  ['gpt-4o', 'auto', 'auto', 'auto', 'no auto'],
  ['gpt-4o', 'factual_recall', 'class factual_recall', 'class factual_recall', 'no factual_recall'],
  [
    'gpt-4o',
    'trivium/factual_recall',
    'class factual_recall',
    'class factual_recall',
    'no trivium/factual_recall',
  ],
  ['trivium/stem_reasoning', ' o1-mini ', 'pin o1-mini', 'pin o1-mini', 'pin o1-mini'],
  ['trivium/pin:gpt-4o', 'o1-mini', 'pin o1-mini', 'pin o1-mini', 'pin o1-mini'],
  ['gpt-4o', 'secret', 'no secret', 'no secret', 'no secret'],
  ['gpt-4o', 'nonsense', 'no nonsense', 'no nonsense', 'no nonsense'],
  ['gpt-4o', '', 'auto', 'off gpt-4o', 'off gpt-4o'],
]

for (const [model, header, always, autoOnly, off] of rows) {
  test(`model ${model} with header ${header ?? 'absent'}: ${always} · ${autoOnly} · ${off}`, () => {
    assert.equal(wish('always', model, header), always)
    assert.equal(wish('auto_only', model, header), autoOnly)
    assert.equal(wish('off', model, header), off)
  })
}

test('a team without a list can use every configured model', () => {
  assert.deepEqual(readWish('x', 'secret', { routing: 'always', models: undefined }, known), {
    kind: 'pin',
    model: 'secret',
  })
})
