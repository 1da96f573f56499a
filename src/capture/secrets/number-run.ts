/** Digits in groups, as people write long numbers: with a few marks between them. */
export interface NumberRun {
  readonly start: number
  readonly groups: readonly Group[]
  /** Begins with a plus, which is its first letter. */
  readonly plus: boolean
}

export interface Group {
  readonly start: number
  readonly end: number
  readonly digits: string
}

const ON_A_LINE = /[+＋]?\(?\d(?:[ \t\u00a0\u2009\u202f\u200b.()/‐‑–-]{0,3}\d)*/g
/** A narrow field breaks a number between its groups; names of files and fields join them by a line below. */
const OVER_LINES = /\d(?:[ \t\u00a0\u2009\u202f\u200b._()/‐‑–\r\n-]{0,3}\d)*/g
const DIGITS = /\d+/g

/** Runs on one line, or over several: whoever looks at the latter has to know his numbers by more than their shape. */
export function* numberRuns(text: string, reach: 'line' | 'lines' = 'line'): Generator<NumberRun> {
  for (const { 0: run, index: start } of text.matchAll(reach === 'line' ? ON_A_LINE : OVER_LINES)) {
    const groups = run.matchAll(DIGITS).map(({ 0: digits, index }) => {
      return { start: start + index, end: start + index + digits.length, digits }
    })
    yield { start, groups: [...groups], plus: /^[+＋]/.test(run) }
  }
}

/** A text whose digits of other scripts are ASCII digits, every unit in its place. */
export function withPlainDigits(text: string): string {
  return text.replace(/[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\uff10-\uff19]/g, (digit) => {
    const unit = digit.charCodeAt(0)
    return String(unit - (ZEROS.find((zero) => unit >= zero) ?? unit))
  })
}

/** Full-width, Devanagari, Persian, Arabic: a digit belongs to the last zero before it. */
const ZEROS = [0xff10, 0x0966, 0x06f0, 0x0660]
