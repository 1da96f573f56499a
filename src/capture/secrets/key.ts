import { findCookies, findPasswords, withoutStops } from './named-value.ts'
import type { Secret } from './secret.ts'

/** Prefixes of vendors' keys, at the start of a word. */
const KNOWN =
  /(?:^|[^A-Za-z0-9])((?:sk|pk|rk)[-_]|gh[pousr]_|github_pat_|glpat-|xox[abeoprs]-|A(?:KIA|SIA|GPA|ROA|IDA)[A-Z0-9]{12}|AIza|ya29\.|hf_|npm_|pypi-|SG\.|dop_v1_|shpat_|eyJ[\w-]{6})/

/** Runs of characters used in keys. */
const RUN = /[\w+/=~.-]{16,}/g
const IN_RUN = /[\w+/=~.-]/

/** Values after a name that announces them. Blanks are bounded, so that no text is scanned twice. */
const NAMED =
  /(?:pass(?:word|wd|phrase|code)|pwd|secret|token|api[ _-]?key|access[ _-]?key|private[ _-]?key|credentials?|authorization)["'`]{0,2}[ \t]{0,3}(?:[:=]{1,2}|\bis\b)[ \t]{0,3}(?:bearer |basic )?["'`]?([^\s"'`<>]{4,})/gi
const BEARER = /\b(?:bearer|basic)[ \t]{1,3}([\w+/=~.-]{8,})/gi

/** `https://user:password@host`. */
const IN_URL = /:\/\/[^\s/@:]*:([^\s/@]+)@/g

const PEM = '-----BEGIN '
const PEM_END = /-----END [A-Z0-9 ]{1,64}-----/g

/** Keys, tokens, passwords: by prefix, by the name before them, or because no word looks like that. */
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
  yield* findPasswords(text)
  yield* findCookies(text)
  yield* findBroken(text)
  yield* findPem(text)
}

/** "The secret is practice" reveals none. */
function isValue(whole: string, value: string): boolean {
  return /^pass|^pwd/i.test(whole) || /[\d_]|[A-Z].*[A-Z]|[^\w.,;:!?)-]/.test(value)
}

function* findPem(text: string): Generator<Secret> {
  let start = text.indexOf(PEM)
  while (start !== -1) {
    PEM_END.lastIndex = start
    // A block whose end was not sent is still a key.
    const end = PEM_END.exec(text) === null ? text.length : PEM_END.lastIndex
    yield keyAt(start, end)
    start = text.indexOf(PEM, end)
  }
}

/** How far before and after a line break to look for the parts of a broken key. */
const MOST_BROKEN = 256

/** Keys broken across lines: the end of one line is a key, and the start of the next is as mixed. */
function* findBroken(text: string): Generator<Secret> {
  let reached = -1
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
    const end = text.charAt(at - 1) === '\r' ? at - 1 : at
    let start = end
    while (start > 0 && end - start < MOST_BROKEN && IN_RUN.test(text.charAt(start - 1))) start -= 1
    const head = text.slice(start, end)
    const known = KNOWN.exec(head)
    if (start !== reached && known === null && !looksDrawn(head)) continue
    let next = at + 1
    while (next - at <= MOST_BROKEN && IN_RUN.test(text.charAt(next))) next += 1
    if (!looksDrawn(text.slice(at + 1, next), LEAST_REST)) continue
    const first = known === null ? 0 : known.index + known[0].length - (known[1] ?? '').length
    yield keyAt(start + first, next)
    reached = at + 1
  }
}

const LEAST_DRAWN = 20
const LEAST_REST = 8

/** Whether a run alternates between lower case, capitals and digits as often as only random text does. */
function looksDrawn(run: string, least = LEAST_DRAWN): boolean {
  if (run.length < least || !/\d/.test(run) || !/[A-Za-z]/.test(run)) return false
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
  return letters >= least && changes * 5 >= letters
}

/** 1 for lower case, 2 for capitals, 3 for digits, 0 for marks between them. */
function kindOf(unit: number): number {
  if (unit >= 97 && unit <= 122) return 1
  if (unit >= 65 && unit <= 90) return 2
  return unit >= 48 && unit <= 57 ? 3 : 0
}

function keyAt(start: number, end: number): Secret {
  return { start, end, mark: 'key' }
}
