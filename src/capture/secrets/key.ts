import type { Secret } from './secret.ts'

/** How keys of vendors begin, at the start of a word. */
const KNOWN =
  /(?:^|[^A-Za-z0-9])((?:sk|pk|rk)[-_]|gh[pousr]_|github_pat_|glpat-|xox[abeoprs]-|A(?:KIA|SIA|GPA|ROA|IDA)[A-Z0-9]{12}|AIza|ya29\.|hf_|npm_|pypi-|SG\.|dop_v1_|shpat_|eyJ[\w-]{6})/

/** Runs of what keys are written in. */
const RUN = /[\w+/=~.-]{16,}/g

/** Values behind a name that says what they are. Blanks are counted, so that no text is read twice. */
const NAMED =
  /(?:pass(?:word|wd|phrase|code)|pwd|secret|token|api[ _-]?key|access[ _-]?key|private[ _-]?key|credentials?|authorization)["'`]{0,2}[ \t]{0,3}(?:[:=]{1,2}|\bis\b)[ \t]{0,3}(?:bearer |basic )?["'`]?([^\s"'`<>]{4,})/gi
const BEARER = /\b(?:bearer|basic)[ \t]{1,3}([\w+/=~.-]{8,})/gi

/** `https://user:password@host`. */
const IN_URL = /:\/\/[^\s/@:]*:([^\s/@]+)@/g

const PEM = '-----BEGIN '
const PEM_END = /-----END [A-Z0-9 ]{1,64}-----/g

/** Keys, tokens, passwords: by how they begin, by the name before them, or because nobody writes words like these. */
export function* findKeys(text: string): Generator<Secret> {
  for (const { 0: run, index } of text.matchAll(RUN)) {
    const known = KNOWN.exec(run)
    if (known !== null)
      yield keyAt(index + known.index + known[0].length - (known[1] ?? '').length, index + run.length)
    else if (looksDrawn(run)) yield keyAt(index, index + run.length)
  }
  for (const pattern of [NAMED, BEARER, IN_URL]) {
    for (const { 0: whole, 1: value = '', index } of text.matchAll(pattern)) {
      const start = index + whole.lastIndexOf(value)
      if (pattern !== NAMED || isValue(whole, value)) yield keyAt(start, start + withoutStops(value).length)
    }
  }
  yield* findPem(text)
}

/** "The secret is practice" tells none. */
function isValue(whole: string, value: string): boolean {
  return /^pass|^pwd/i.test(whole) || /[\d_]|[A-Z].*[A-Z]|[^\w.,;:!?)-]/.test(value)
}

/** A sentence ends behind it, or a bracket closes. */
function withoutStops(value: string): string {
  let end = value.length
  while (end > 1 && ',.;:!?)]}。，'.includes(value.charAt(end - 1))) end -= 1
  return value.slice(0, end)
}

function* findPem(text: string): Generator<Secret> {
  let start = text.indexOf(PEM)
  while (start !== -1) {
    PEM_END.lastIndex = start
    // A block whose end was not sent is a key all the same.
    const end = PEM_END.exec(text) === null ? text.length : PEM_END.lastIndex
    yield keyAt(start, end)
    start = text.indexOf(PEM, end)
  }
}

const LEAST_DRAWN = 20

/** Whether a run changes between small letters, capitals and digits as often as only chance does. */
function looksDrawn(run: string): boolean {
  if (run.length < LEAST_DRAWN || !/\d/.test(run) || !/[A-Za-z]/.test(run)) return false
  let changes = 0
  let letters = 0
  let last = 0
  for (let index = 0; index < run.length; index += 1) {
    const kind = kindOf(run.charCodeAt(index))
    if (kind === 0) continue
    letters += 1
    if (last !== 0 && kind !== last) changes += 1
    last = kind
  }
  return letters >= LEAST_DRAWN && changes * 5 >= letters
}

/** 1 for small letters, 2 for capitals, 3 for digits, 0 for marks between them. */
function kindOf(unit: number): number {
  if (unit >= 97 && unit <= 122) return 1
  if (unit >= 65 && unit <= 90) return 2
  return unit >= 48 && unit <= 57 ? 3 : 0
}

function keyAt(start: number, end: number): Secret {
  return { start, end, mark: 'key' }
}
