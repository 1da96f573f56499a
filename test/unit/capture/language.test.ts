import assert from 'node:assert/strict'
import { test } from 'node:test'
import { languageOf } from '../../../src/capture/language.ts'

test('script and function words identify the language of a text; without either it is unknown', () => {
  for (const [text, language] of [
    ['How does the moon affect the tides, and why?', 'en'],
    ['Comment la lune agit-elle sur les marées, et pourquoi ?', 'fr'],
    ['Warum ist der Himmel blau und nicht grün?', 'de'],
    ['¿Por qué el cielo es azul y no verde?', 'es'],
    ['月亮如何影响潮汐？', 'zh'],
    ['月はなぜ潮の満ち引きを起こすのですか', 'ja'],
    ['달은 왜 조수를 일으키나요?', 'ko'],
    ['Почему небо голубое?', 'ru'],
    ['Write a Python function named 排序 that sorts the list', 'en'],
    ['SELECT 1', 'unknown'],
    ['42', 'unknown'],
    ['', 'unknown'],
  ] as const)
    assert.equal(languageOf(text), language, text)
})
