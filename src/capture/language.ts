/** Scripts that indicate a language, or the likeliest of a few. The first with enough letters wins. */
const SCRIPTS: readonly (readonly [string, RegExp])[] = [
  ['ja', /[\p{Script=Hiragana}\p{Script=Katakana}]/gu],
  ['ko', /\p{Script=Hangul}/gu],
  ['zh', /\p{Script=Han}/gu],
  ['ru', /\p{Script=Cyrillic}/gu],
  ['ar', /\p{Script=Arabic}/gu],
  ['he', /\p{Script=Hebrew}/gu],
  ['hi', /\p{Script=Devanagari}/gu],
  ['th', /\p{Script=Thai}/gu],
  ['el', /\p{Script=Greek}/gu],
]

/** Function words in most sentences of a language and few of its neighbours. */
const SMALL_WORDS: Readonly<Record<string, string>> = {
  en: 'the and is are what how of to in that this with for does do why which it you my write when',
  fr: 'le la les des une est et que qui dans pour pas quelle quel quels comment pourquoi sur avec du au ce cette vous',
  de: 'der die das und ist nicht ein eine wie was warum mit für auf den dem von zu im welche wer sind wird bitte',
  es: 'el los las una es y que en por para con qué cómo cuál del se su está son quién cuándo porque lo',
  it: 'il gli che è di per con una del della come perché quale sono nel le non chi quando dei',
  pt: 'o os as uma é que em para com não do da como qual dos das por você são quem quando ao',
  nl: 'de het een en is van dat niet wat hoe waarom met voor op zijn wie welke je deze',
}

const LANGUAGES_OF = new Map<string, string[]>()
for (const [language, words] of Object.entries(SMALL_WORDS))
  for (const word of words.split(' ')) LANGUAGES_OF.set(word, [...(LANGUAGES_OF.get(word) ?? []), language])

/** A text without any of these is in Latin script. */
const OTHER_LETTERS = /[^\0-\u024f]/

/** More text adds nothing. UTF-16 units. */
const ENOUGH = 240
/** The share of letters a script must have: most texts contain names and terms of another. */
const MANY = 0.2

/** The language indicated by a text's letters and function words: a code such as `fr`, or `unknown`. */
export function languageOf(text: string): string {
  const part = text.slice(0, ENOUGH)
  const letters = part.match(/\p{L}/gu)?.length ?? 0
  if (letters === 0) return 'unknown'
  for (const [language, script] of OTHER_LETTERS.test(part) ? SCRIPTS : [])
    if ((part.match(script)?.length ?? 0) > letters * MANY) return language
  const votes = new Map<string, number>()
  for (const word of part.toLowerCase().match(/\p{L}+/gu) ?? [])
    for (const language of LANGUAGES_OF.get(word) ?? []) votes.set(language, (votes.get(language) ?? 0) + 1)
  const [first, second] = [...votes].sort(([, one], [, other]) => other - one)
  return first === undefined || first[1] === second?.[1] ? 'unknown' : first[0]
}
