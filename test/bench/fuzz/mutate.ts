import fc from 'fast-check'

/** Chance that can be had again by its seed: mulberry32. Whole numbers from 0 to below `below`. */
export type Chance = (below: number) => number

export function chanceOf(seed: number): Chance {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/** One of them. */
export function oneOf<T>(chance: Chance, list: readonly [T, ...T[]] | readonly T[]): T {
  const chosen = list[chance(list.length)]
  if (chosen === undefined) throw new Error('nothing to choose from')
  return chosen
}

/** What readers trip over, whatever they read. */
const PIECES: readonly string[] = [
  '"',
  '\\',
  '\\u0000',
  '\\ud800',
  '{',
  '}',
  '[',
  ']',
  '[[[[[[[[',
  ':',
  ',',
  '\n',
  '\r',
  '\r\n\r\n',
  '\0',
  '\u2028',
  '\ufeff',
  '\u{1f600}',
  '-',
  '--- ',
  '&a ',
  '*a',
  '<<: ',
  '!!js/function ',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what people write in a configuration.
  '${A}',
  '${',
  '$${',
  '1e999',
  '-0',
  '9007199254740993',
  '0x10',
  'null',
  'true',
  'NaN',
  '__proto__',
  'constructor',
  'toString',
  'data: ',
  'event: ',
  '[DONE]',
  'usage',
  'choices',
  'finish_reason',
  'model',
  'messages',
  'é',
  '漢',
]

/** A case as it stands in the corpus, changed in one to eight places: cut, doubled, crossed with another, or disturbed. */
export function mutate(chance: Chance, corpus: readonly string[]): string {
  let text = oneOf(chance, corpus)
  for (let changes = 1 + chance(8); changes > 0; changes -= 1) {
    const at = chance(text.length + 1)
    const to = Math.min(text.length, at + chance(24))
    const kind = chance(6)
    if (kind === 0) text = text.slice(0, at) + text.slice(to)
    else if (kind === 1) text = text.slice(0, to) + text.slice(at)
    else if (kind === 2) text = text.slice(0, at) + oneOf(chance, PIECES) + text.slice(to)
    else if (kind === 3)
      text = text.slice(0, at) + oneOf(chance, PIECES).repeat(1 + chance(40)) + text.slice(at)
    else if (kind === 4) text = text.slice(0, at) + String.fromCharCode(chance(0x500)) + text.slice(at + 1)
    else {
      const other = oneOf(chance, corpus)
      text = text.slice(0, at) + other.slice(chance(other.length + 1))
    }
    if (text.length > LONGEST) text = text.slice(0, LONGEST)
  }
  return text
}

const LONGEST = 20_000

/** Bytes of it, now and then with one that is no UTF-8. */
export function bytesOf(chance: Chance, text: string): Buffer {
  const bytes = Buffer.from(text)
  if (bytes.length > 0 && chance(10) === 0) bytes[chance(bytes.length)] = chance(256)
  return bytes
}

/** JSON of shapes nobody has thought of, made by fast-check; as many as are asked for, the same for a seed. */
export function oddJson(seed: number, count: number): readonly string[] {
  return fc.sample(fc.json({ maxDepth: 6, noUnicodeString: false }), { seed, numRuns: count })
}
