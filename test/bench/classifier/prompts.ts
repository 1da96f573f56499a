/** Sentence frames a person might fill with words, for all three classes. */
const FRAMES: readonly string[] = [
  'How do I configure @ and & so that they talk to each other?',
  'Calculate the % of @ if & grows by 12.5 each year and falls by 3 every leap year.',
  'Who discovered @ and in which year was & first described?',
  'Write a short poem about @, with a hint of & in the last line.',
  'Rewrite the following text in a friendlier tone: Dear @, your & has not been paid since March. Please settle it soon.',
  'def @(x):\n    return [&(y) for y in x if y > 0]\n\nWhy does this print nothing?',
  'My neighbour keeps @ in the garden and it annoys &. Should I say something, or wait until the summer is over and hope?',
  'Quelle est la capitale de @ et combien de & y vivent ?',
  'Écris une lettre à @ pour expliquer pourquoi & est en retard cette année.',
  'Résous : une boîte contient @ et 14 &, combien en reste-t-il si on en retire la moitié ?',
  '请写一篇关于@的文章，并且提到&。',
  '@的首都在哪里？&有多少人口？',
  '已知@等于3，&等于5，求它们的乘积。',
  'Wie berechne ich @, wenn & schon bekannt ist? Bitte Schritt für Schritt.',
  '¿Quién inventó @ y qué relación tiene con &?',
  '@と&の違いを教えてください。できれば例も挙げてほしいです。',
  '@에 대해 설명하고 &와 비교해 주세요.',
  'Кто написал «@» и чем известен &?',
  'ما هي عاصمة @ وكم عدد سكان &؟',
  '@ की राजधानी क्या है और & कहाँ है?',
  'Thanks! ok so about the @ thing, it works now but & is still broken after the reboot. logs say nothing, cpu is fine. '.repeat(
    3,
  ),
]

const SYLLABLES = [
  'ka',
  'ron',
  'mi',
  'tel',
  'vo',
  'sha',
  'quin',
  'dre',
  'lum',
  'por',
  'ek',
  'bri',
  'zan',
  'ou',
  'fen',
  'gly',
]

/**
 * Varied prompts, no duplicates, the same in every run. Half of their words are invented, so that none has
 * been seen before.
 */
export function variedPrompts(count: number): readonly string[] {
  let seed = 12_345
  const below = (most: number) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
    return Math.floor((seed / 2 ** 32) * most)
  }
  const word = () => Array.from({ length: 2 + below(3) }, () => SYLLABLES[below(SYLLABLES.length)]).join('')
  return Array.from({ length: count }, () => {
    const frame = FRAMES[below(FRAMES.length)] ?? ''
    return frame.replaceAll('@', () => word()).replaceAll('&', () => word())
  })
}

/** Texts of 100,000 UTF-16 units. */
export function longTexts(): readonly (readonly [string, string])[] {
  const long = (text: string) => text.repeat(Math.ceil(100_000 / text.length)).slice(0, 100_000)
  return [
    ['100 kB of one letter', long('a')],
    ['100 kB of prompts', long(variedPrompts(500).join('\n'))],
    ['100 kB of one digit', long('7')],
  ]
}
