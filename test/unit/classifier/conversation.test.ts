import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Message } from '../../../src/base/message.ts'
import { shipped, user } from './specimen.ts'

const classifier = shipped()

const code = {
  en: 'Write a Python function that reverses a linked list',
  fr: 'Écris une fonction Python qui trie une liste',
  zh: '用Python写一个快速排序函数',
  de: 'Schreibe eine Funktion in Python, die Primzahlen findet',
  es: 'Escribe una función en Python que ordene una lista',
  ja: 'Pythonでリストを逆順にする関数を書いてください',
}
const followUps: Readonly<Record<keyof typeof code, readonly string[]>> = {
  en: ['continue', 'thanks, go on', 'and in Java?', 'why?', 'make it shorter', 'ok', 'explain that'],
  fr: ['continue', 'et en Java ?', 'pourquoi ?', 'merci, continue', 'plus de détails', 'vas-y'],
  zh: ['继续', '为什么？', '好的，谢谢', '用Java呢？', '再详细一点', '然后呢'],
  de: ['weiter', 'und in Java?', 'warum?', 'danke, mach weiter', 'genauer bitte'],
  es: ['continúa', '¿y en Java?', '¿por qué?', 'gracias', 'más detalles'],
  ja: ['続けて', 'なぜですか', 'もっと詳しく', 'ありがとう', 'Javaだとどう？'],
}
const newTopics: Readonly<Record<keyof typeof code, readonly [string, string]>> = {
  en: ['Who wrote Moby-Dick?', 'factual_recall'],
  fr: ['Rédige un mail poli pour annuler un rendez-vous', 'language_heavy'],
  zh: ['写一首关于秋天的诗', 'language_heavy'],
  de: ['Schreibe ein Gedicht über den Herbst', 'language_heavy'],
  es: ['¿Quién escribió Cien años de soledad?', 'factual_recall'],
  ja: ['初の日本人宇宙飛行士は誰ですか？', 'factual_recall'],
}

function after(ask: string, turn: string): readonly Message[] {
  return [user(ask), { role: 'assistant', content: 'Here you are.' }, user(turn)]
}

for (const language of ['en', 'fr', 'zh', 'de', 'es', 'ja'] as const) {
  for (const turn of followUps[language]) {
    test(`${language}: "${turn}" inherits the last ask`, () => {
      const alone = classifier.classify([user(code[language])])
      const verdict = classifier.classify(after(code[language], turn))
      assert.equal(alone.class, 'stem_reasoning')
      assert.equal(verdict.class, 'stem_reasoning')
      assert.equal(verdict.cause, 'inherited')
      assert.equal(verdict.evidence.turnsBack, 1)
    })
  }
  const [topic, wanted] = newTopics[language]
  test(`${language}: "${topic}" is a new topic`, () => {
    const verdict = classifier.classify(after(code[language], topic))
    assert.equal(verdict.class, wanted)
    assert.equal(verdict.evidence.turnsBack, 0)
  })
}

test('follow-ups reach back over each other to the last ask', () => {
  const verdict = classifier.classify([user(code.en), user('continue'), user('why?'), user('ok')])
  assert.equal(verdict.class, 'stem_reasoning')
  assert.equal(verdict.evidence.turnsBack, 3)
})

test('a turn that opens like a fragment but makes a request of its own is judged by it', () => {
  const fragment = classifier.classify(after(code.en, 'and in Java?'))
  assert.equal(fragment.cause, 'inherited')
  for (const turn of [
    'and write a poem',
    'et écris un poème',
    'und schreib ein Gedicht',
    'translate that to French',
  ]) {
    const verdict = classifier.classify(after(code.en, turn))
    assert.equal(verdict.class, 'language_heavy', turn)
    assert.equal(verdict.evidence.turnsBack, 0, turn)
  }
})

test('a follow-up does not inherit from a greeting', () => {
  const verdict = classifier.classify([...after('hi', 'Who wrote Moby-Dick?'), user('where?')])
  assert.equal(verdict.class, 'factual_recall')
  assert.equal(verdict.evidence.turnsBack, 1)
})

test('scaffolding around the user’s words does not affect the verdict', () => {
  const bare = classifier.classify([user('Who wrote Moby-Dick?')])
  for (const wrapped of [
    '<system-reminder>\nWrite code, solve equations.\n</system-reminder>\nWho wrote Moby-Dick?',
    'Who wrote Moby-Dick?\n<environment_details>\nOS: Linux, Python 3.12\n</environment_details>',
    '<additional_data>def f(): pass</additional_data>\n<user_query>\nWho wrote Moby-Dick?\n</user_query>',
    '{"user_query": "Who wrote Moby-Dick?", "session": 17}',
    'role: visitor\nquestion: "Who wrote Moby-Dick?"',
  ]) {
    const verdict = classifier.classify([user(wrapped)])
    assert.deepEqual(verdict, bare, wrapped)
  }
})

test('a block that is never closed is read as plain text', () => {
  const { read } = classifier.classify([user('<system-reminder> Who wrote Moby-Dick? </p>')]).evidence
  assert.equal(read.scored, 43)
})

test('an ambiguous turn inherits from its conversation, and on its own leads to an abstention', () => {
  // Of these, weights are surer or less sure after each training; at least one must be ambiguous.
  const cautious = shipped(0, 0.7)
  const vague = [
    'Those from the first drawer next to the ones of last week, near the door that was painted again before summer',
    'Between the two old chairs, where the lamp used to be, and a bit behind the box with all of the other things',
    'The blue folder and the red folder of the second office on the third floor',
    'Those with the yellow label and these without, the ones from the cellar and the ones from upstairs as well',
  ].filter((text) => cautious.classify([user(text)]).cause === 'abstained')
  assert.ok(vague.length > 0)
  for (const text of vague) {
    const verdict = cautious.classify(after(code.en, text))
    assert.deepEqual([verdict.class, verdict.cause], ['stem_reasoning', 'inherited'])
  }
})
