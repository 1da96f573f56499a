import { isFence, isMeta, isRemark, isRule, isStamp, labelLength } from './remark.ts'

/** Maximum height of a margin. Lines. */
const MOST_LINES = 24

/** Of a longer text only the ends are scored, and a margin is a small part of them. UTF-16 units. */
const LARGEST = 8_192

/** Maximum length of a title above fields, and of a value after a name. UTF-16 units. */
const LONGEST_TITLE = 60
const LONGEST_VALUE = 60

/** Lines allowed above a stamp. */
const MOST_TITLES = 6

/** Lines allowed below the words, with the rule that ends them. */
const MOST_BELOW = 4

/** With fewer fields it is a person's own writing. */
const FEWEST_FIELDS = 2

/** "Reporter: j.doe", "**From:** Ada", "#+DATE: 2026-11-22". */
const FIELD =
  /^(?:#\+|\*\*|[-*•] )?[\p{L}\p{M}][\p{L}\p{M}\p{N}_.-]*(?: #?[\p{L}\p{M}\p{N}_.()-]+){0,2}\*{0,2} ?[:：]\*{0,2}(?: +|$)/u
/** Opens and ends a value of several lines in YAML and TOML. */
const OPENS_VALUE = /^[\p{L}_][\p{L}\p{N}_.-]* ?[:=] ?(?:[|>][-+]?|"""|''')$/u
const ENDS_VALUE = /^(?:"""|''')$/
const ASSIGNMENT = /^ {0,8}[\p{L}_][\p{L}\p{N}_.-]* ?[:=](?: ?\S.*)?$/u

/**
 * Removes the lines above and below a person's words that say who, when and where from. They are recognised
 * by shape and position, whatever names they contain; if nothing else is said, the text is unchanged. Linear
 * in its length.
 */
export function withoutMargins(text: string): string {
  if (text.length > LARGEST) return text
  const label = labelLength(text)
  if (!text.includes('\n')) return label === 0 || label === text.length ? text : text.slice(label)
  const lines = text
    .slice(label)
    .trim()
    .split('\n')
    .map((line) => line.trimEnd())
  const value = valueIn(lines) ?? fencedIn(lines)
  if (value !== undefined) return value
  const head = headOf(lines)
  const end = tailOf(lines, head.line)
  if (label === 0 && head.line === 0 && end === lines.length) return text
  const words = lines.slice(head.line, end).join('\n').slice(head.name).trim()
  return words === '' ? text : words
}

/** The words in the last value of a block of assignments, if that value has its own lines. */
function valueIn(lines: readonly string[]): string | undefined {
  const opening = lines.slice(0, MOST_LINES).findIndex((line) => OPENS_VALUE.test(line))
  if (opening < 1 || !lines.slice(0, opening).every((line) => ASSIGNMENT.test(line))) return undefined
  const rest = lines.slice(opening + 1)
  const end = rest.findIndex((line) => ENDS_VALUE.test(line))
  const words = rest.slice(0, end === -1 ? rest.length : end).map((line) => line.replace(/^ {1,4}/, ''))
  return words.join('\n').trim() || undefined
}

/** The words between two fence lines, if there is nothing outside. */
function fencedIn(lines: readonly string[]): string | undefined {
  const [first = ''] = lines
  if (!(isFence(first) && isFence(lines.at(-1) ?? '')) && !(isQuotes(first) && lines.at(-1) === first))
    return undefined
  return lines.slice(1, -1).join('\n').trim() || undefined
}

function isQuotes(line: string): boolean {
  return line === '"""' || line === "'''"
}

/** The line on which the words begin, and the length of a field name before them. */
interface Head {
  readonly line: number
  readonly name: number
}

function headOf(lines: readonly string[]): Head {
  const matter = frontMatterOf(lines)
  if (matter > 0) return { line: matter, name: 0 }
  if (isStamp(lines[0] ?? '')) {
    const newest = lines.findLastIndex(isStamp) + 1
    return { line: newest === lines.length ? 0 : newest, name: 0 }
  }
  let begin = letterHeadOf(lines)
  // A stamp says as much.
  let fields = begin > 0 ? FEWEST_FIELDS : 0
  for (let at = begin || titleOf(lines); at < lines.length && at < MOST_LINES; at += 1) {
    const line = lines[at] ?? ''
    if (line === '') continue
    if (isRemark(line) || (begin > 0 && isRule(line))) {
      begin = at + 1
      continue
    }
    const name = FIELD.exec(line)?.[0].length
    if (name === undefined) break
    const value = line.slice(name)
    const next = lines[at + 1]
    // The last field holds the words, below or after its name.
    if (value.length > LONGEST_VALUE || /[?？!]$/.test(value) || (next === undefined && value !== ''))
      return fields < FEWEST_FIELDS ? { line: begin, name: 0 } : { line: at, name }
    fields += 1
    if (value === '' && fields === 1 && endsInRule(lines.slice(at + 1, MOST_LINES))) continue
    if (value === '') return { line: fields > FEWEST_FIELDS ? at + 1 : begin, name: 0 }
    if (fields >= FEWEST_FIELDS && (next === '' || isRule(next ?? '') || FIELD.test(next ?? '')))
      begin = at + 1
  }
  return { line: begin >= lines.length ? 0 : begin, name: 0 }
}

/** "Shortcut input:" is a title if there is nothing but fields between it and a rule. */
function endsInRule(lines: readonly string[]): boolean {
  const end = lines.findIndex((line) => !FIELD.test(line))
  return end >= FEWEST_FIELDS && isRule(lines[end] ?? '')
}

/** The words of a ticket may be preceded by its number, a name and, as the last line, its time. */
function letterHeadOf(lines: readonly string[]): number {
  const stamp = lines.slice(0, MOST_TITLES).findLastIndex(isStamp)
  const isTitle = (line: string) => line.length <= LONGEST_TITLE && !/[.?!,;。？！，]$/.test(line)
  return lines.slice(0, Math.max(0, stamp)).every(isTitle) ? stamp + 1 : 0
}

/** Front matter ends with the same line it began with. */
function frontMatterOf(lines: readonly string[]): number {
  const [first = ''] = lines
  if (first !== '---' && first !== '+++') return 0
  const end = lines.indexOf(first, 1)
  if (end < 2 || end > MOST_LINES) return 0
  return lines.slice(1, end).every((line) => /^(?:\s*- |[\w.-]+ ?[:=])/.test(line)) ? end + 1 : 0
}

/** 1 if there is a title above the lines that say who and when. */
function titleOf(lines: readonly string[]): number {
  const [first = '', second = '', third = '', fourth = ''] = lines
  if (
    first.length > LONGEST_TITLE ||
    /[.?!:。？！：,，]$/.test(first) ||
    isRemark(first) ||
    FIELD.test(first)
  )
    return 0
  const [next, then] = second === '' ? [third, fourth] : [second, third]
  return isRemark(next) || (FIELD.test(next) && FIELD.test(then)) ? 1 : 0
}

/** The line after which the words have ended. */
function tailOf(lines: readonly string[], begin: number): number {
  const opening = lines.slice(0, begin).findLast((line) => line !== '') ?? ''
  const closing = isRule(opening) ? lines.indexOf(opening, begin) : -1
  if (closing !== -1 && lines.length - closing <= MOST_BELOW) return closing
  let end = lines.length
  for (let at = lines.length - 1; at > begin; at -= 1) {
    const line = lines[at] ?? ''
    if (line === '') continue
    if (isMeta(line) || (isRule(line) && !lines.slice(0, at).some(isRule))) end = at
    else break
  }
  return end
}
