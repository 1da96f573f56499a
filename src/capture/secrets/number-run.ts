/** Digits in groups with a few marks between them, as people write long numbers. */
export interface NumberRun {
  readonly start: number
  readonly groups: readonly Group[]
  /** Begins with a plus sign. */
  readonly plus: boolean
}

/** Digits in a row. `start` and `end` are offsets into the text, `end` excluded. */
export interface Group {
  readonly start: number
  readonly end: number
  readonly digits: string
}

const ON_A_LINE = /[+＋]?\(?\d(?:[ \t\u00a0\u2009\u202f\u200b.()/‐‑–-]{0,3}\d)*/g
/** A narrow field breaks a number between groups; file and field names join groups with an underscore. */
const OVER_LINES = /\d(?:[ \t\u00a0\u2009\u202f\u200b._()/‐‑–\r\n-]{0,3}\d)*/g
const DIGITS = /\d+/g

/** Runs on one line, or across lines; callers of the latter must verify numbers by more than shape. */
export function* numberRuns(text: string, reach: 'line' | 'lines' = 'line'): Generator<NumberRun> {
  for (const { 0: run, index: start } of text.matchAll(reach === 'line' ? ON_A_LINE : OVER_LINES)) {
    const groups = run.matchAll(DIGITS).map(({ 0: digits, index }) => {
      return { start: start + index, end: start + index + digits.length, digits }
    })
    yield { start, groups: [...groups], plus: /^[+＋]/.test(run) }
  }
}

/** Converts digits of other scripts to ASCII; every unit keeps its offset. */
export function withPlainDigits(text: string): string {
  return text.replace(/[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\uff10-\uff19]/g, (digit) => {
    const unit = digit.charCodeAt(0)
    return String(unit - (ZEROS.find((zero) => unit >= zero) ?? unit))
  })
}

/** Full-width, Devanagari, Persian, Arabic: a digit belongs to the nearest zero below it. */
const ZEROS = [0xff10, 0x0966, 0x06f0, 0x0660]
