import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileFollowUps } from '../../../src/classifier/conversation/follow-up.ts'
import { compileRules } from '../../../src/classifier/rules.ts'
import { readRuleBook } from '../../../src/config/classifier.ts'
import { RULES_FILE } from './specimen.ts'

const book = readRuleBook(RULES_FILE)
const rules = compileRules(book)

for (const rule of book.rules) {
  test(`rule ${rule.id} fires on its example and not on its counter-example`, () => {
    const on = (text: string) => rules.fired(text).some(({ id }) => id === rule.id)
    assert.equal(on(rule.example), true, rule.example)
    assert.equal(on(rule.counter_example), false, rule.counter_example)
  })
}

const tieOf = compileFollowUps(book)
for (const followUp of book.follow_ups) {
  test(`"${followUp.example}" is a follow-up, "${followUp.counter_example}" is a new ask`, () => {
    assert.notEqual(tieOf(followUp.example), 'none')
    assert.equal(tieOf(followUp.counter_example), 'none')
  })
}

test('a pattern of several parts fires only if all are found', () => {
  const [rule] = book.rules
  assert.ok(rule)
  const { fired } = compileRules({
    ...book,
    rules: [{ ...rule, patterns: ['\\bred\\b && \\bgreen\\b', '写 && 诗'] }],
  })
  assert.equal(fired('Green and red.').length, 1)
  assert.equal(fired('请写一首诗').length, 1)
  assert.equal(fired('greenish and red').length, 0)
  assert.equal(fired('写').length, 0)
})

test('the version of the rules changes with a weight', () => {
  const [rule] = book.rules
  assert.ok(rule)
  const heavier = compileRules({ ...book, rules: [{ ...rule, weight: 7.5 }, ...book.rules.slice(1)] })
  assert.match(rules.version, /^[0-9a-f]{12}$/)
  assert.notEqual(heavier.version, rules.version)
})
