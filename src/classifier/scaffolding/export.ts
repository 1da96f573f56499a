import { type FormFields, withoutFieldsBelow } from './form.ts'
import { isFence, isList, isMeta, isRemark, isRule, isStamp } from './remark.ts'

/** Of a longer text only the ends are scored, and the words of an export are a large part of it. UTF-16 units. */
const LARGEST = 8_192

/** With less evidence a text may be a person's own notes. A mark counts twice, a field with a short value once. */
const LEAST_EVIDENCE = 4

/** Below a first line that may be an ask. */
const LEAST_BELOW_TITLE = 6

/** How many lines are looked at for evidence, and how long those with a mark may be. UTF-16 units. */
const MOST_LINES = 64
const LONGEST_LINE = 400

/** Maximum length of a line above the first field. UTF-16 units. */
const LONGEST_TITLE = 120

/** What people do not type: mentions, addresses in angle brackets, ids, times to the second, empty lists. */
const MARK = new RegExp(
  [
    '<[@#!][^<>\\s]{4,60}>',
    '<[^<>\\s@]{1,40}@[^<>\\s]{3,60}>',
    '\\[~[\\w:.-]{3,60}\\]',
    '\\[[^[\\]|\\n]{1,40}\\|https?:',
    '\\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-',
    '\\bid[ :=#]{1,2}\\d{6,}',
    '\\b(?=[a-f]*\\d)(?=\\d*[a-f])[0-9a-f]{20,}\\b',
    '[:=]\\*? ?\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d',
    '[:=]\\*? ?\\d{1,2}[-./]\\d{1,2}[-./]\\d{4},? \\d\\d:\\d\\d:\\d\\d',
    ':\\*? ?\\[\\]$',
    '[:=]\\*? ?(?:https?://\\S{1,300}|[^\\s@]{1,64}@[^\\s@]{1,64}|\\+\\d{8,15})$',
    '[:=]\\*? ?(?=[a-z]*\\d)(?=\\d*[a-z])[a-z\\d]{14,80}$',
    ' \\d\\d:\\d\\d:\\d\\d [+-]\\d{4}$',
    '^\\[#[\\w-]{3,20}\\] ',
    ' at \\d{10}\\.\\d{3,}',
  ].join('|'),
  'im',
)

/** "*Reporter:* j.doe", "state=Work in Progress", "Answers What is it about: rain" */
const FIELD =
  /^[*_]{0,2}(\p{L}[\p{L}\p{M}\p{N} _.,()/'’#?-]{0,63}?)[*_]{0,2} ?[:：=][*_]{0,2}(?:\s|(?<==)|$)/u
/** "h3. Description" in Jira, "### Description" elsewhere. */
const HEADING = /^(?:h[1-6]\.|#{2,4}) (.{1,40})$/
/** "{quote}", and "_There are no comments_" or "*New message*", which only programs put on a line of their own. */
const MARKUP = /^(?:\{(?:quote|noformat|code|panel)(?::[^{}\n]*)?\}|_[^_\n]+_|\*[^*\n]+\*)$/
/** "[09:44] <@U03BLA77K> (Dana): morning all" */
const LOGGED = /^\[[^[\]\n]{4,40}\] ?(?:<|.{1,60}:$)/
/** "Bonjour," */
const SALUTATION = /^\p{L}.{0,28}[,，!]$/u
/** "Un nouveau ticket vous a été attribué.": told, not asked. */
const NOTICE =
  /^(?:new|neue[rs]?|nouve(?:au|lle)|nuev[oa]|nuov[oa]|nov[oa]) | (?:has been|have (?:a|been|received)|wurde|haben|a été|avez|ha sido|ha recibido|è stat[oa]|hai ricevuto|foi|recebeu) .*[.!:]$/i
/** "Ludwig van Beethoven" */
const NAME = /^\p{Lu}[\p{L}\p{M}.'’-]*(?: (?:\p{Lu}[\p{L}\p{M}.'’-]*|\p{Ll}{1,3}))*$/u
/** "Tuesday, 11 March 2025 at 07:52" */
const DATED = /^(?=.{6,36}$)\D{0,16}\d.*\d:\d\d/
const WORD_OR_TWO = /^\S+(?: \S+)?$/u

/** A part of an export: a field or a heading, and the lines below. */
interface Part {
  readonly name: string
  readonly value: string
  readonly below: string[]
  readonly isHeading: boolean
}

/**
 * The person's words in a text that a program exported whole: a ticket, a form, a message with its channel.
 * It is told from a person's text by marks that only programs write, and by its first line; the words are in
 * a field or under a heading of a name in `words`, or else what stands first that is no name, date or number,
 * and in no field of `about`. Any other text is unchanged. Linear in its length.
 */
export function compileExports({ about, words }: FormFields): (text: string) => string {
  const abouts = new Set(about)
  const holders = new Set(words)

  const isHolder = ({ name }: Part) => holders.has(name)
  /** "Your request", but not "Issue #77". */
  const mentionsHolder = ({ name }: Part) =>
    !/\d/.test(name) && name.split(/[ _.]/).some((word) => holders.has(word))

  /** Without the value of a field that says who, when or where from. */
  function wordsOf(part: Part): string {
    const isAbout =
      abouts.has(part.name) || isNumbered(part.value) || (isSmall(part.value) && !mentionsHolder(part))
    return [isAbout ? '' : part.value, ...withoutFieldsBelow(part.below)].join('\n').trim()
  }

  return (text) => {
    if (text.length > LARGEST || !text.includes('\n') || !/[:：=]/.test(text)) return text
    const lines = text.split('\n').map((line) => line.trimEnd())
    const least = leastFor(lines)
    if (least === undefined || evidenceIn(lines) < least) return text
    const telling = partsOf(lines).filter((part) => wordsOf(part) !== '')
    const holder =
      telling.find(isHolder) ?? telling.find(mentionsHolder) ?? telling.find(hasParagraph) ?? telling[0]
    return holder === undefined ? text : wordsOf(holder)
  }
}

function evidenceIn(lines: readonly string[]): number {
  const near = lines.slice(0, MOST_LINES)
  const marked = near.filter(isMarked)
  if (marked.length === 0) return 0
  const fields = near.filter(
    (line) => MARKUP.test(line) || (FIELD.test(line) && isSmall(line.replace(FIELD, ''))),
  )
  return 2 * marked.length + fields.filter((line) => !marked.includes(line)).length
}

function isMarked(line: string): boolean {
  return line.length <= LONGEST_LINE && MARK.test(line)
}

/**
 * How much evidence a text needs, by its first line: a program's, or a title above two that are. Undefined if it
 * is neither.
 */
function leastFor(lines: readonly string[]): number | undefined {
  const near = lines.slice(0, MOST_LINES).filter((line) => line !== '')
  const [first = '', second = '', third = ''] = SALUTATION.test(near[0] ?? '') ? near.slice(1) : near
  if (isByProgram(first) && (isMarked(first) || !/[:：]$/.test(first))) return LEAST_EVIDENCE
  const isTitle = first.length <= LONGEST_TITLE && (NOTICE.test(first) || !/[.?!:。？！：]$/.test(first))
  return isTitle && isByProgram(second) && isByProgram(third) ? LEAST_BELOW_TITLE : undefined
}

function isByProgram(line: string): boolean {
  return isEnd(line) || isStamp(line) || isRemark(line) || FIELD.test(line)
}

/** A line that ends the words even where they have lines that look like fields. */
function isEnd(line: string): boolean {
  if (isRule(line) || isFence(line) || isList(line) || isMeta(line)) return true
  if (MARKUP.test(line) || HEADING.test(line) || LOGGED.test(line)) return true
  return isMarked(line) && (FIELD.test(line) || line.endsWith(':') || /^\[.*\]$/.test(line))
}

function partsOf(lines: readonly string[]): readonly Part[] {
  const parts: Part[] = []
  let isBelow = false
  for (const [at, line] of lines.entries()) {
    const below = lines[at + 1] ?? ''
    const isUnderlined = isRule(below) && line.length === below.length && lines[at - 1] === ''
    const begins: boolean = isUnderlined || (isBelow ? isEnd(line) : isByProgram(line))
    // An underline belongs to the heading above it.
    if (isRule(line) && parts.at(-1)?.isHeading) continue
    if (isUnderlined) parts.push(headed(line))
    else if (!begins) parts.at(-1)?.below.push(line)
    // A quotation under a heading is still what the heading names.
    else if (isBelow || !MARKUP.test(line)) parts.push(partFrom(line))
    isBelow = begins ? false : isBelow || (line !== '' && parts.length > 0)
  }
  return parts
}

function partFrom(line: string): Part {
  const heading = HEADING.exec(line)?.[1]
  if (heading !== undefined) return headed(heading)
  const [start = line, name = ''] = FIELD.exec(line) ?? []
  return { name: name.toLowerCase(), value: line.slice(start.length), below: [], isHeading: false }
}

function headed(name: string): Part {
  return { name: name.toLowerCase(), value: '', below: [], isHeading: true }
}

function hasParagraph({ below }: Part): boolean {
  return below[0] === '' && below.some((line) => line !== '')
}

/** "#318 (opened by lindau)" */
function isNumbered(value: string): boolean {
  return /^#\d+\b/.test(value)
}

/** A name, a date, a number, an address or a choice: no ask. */
function isSmall(value: string): boolean {
  if (/[?？]/.test(value)) return false
  if (DATED.test(value)) return true
  return isMarked(`:${value}`) || !/\p{L}/u.test(value) || WORD_OR_TWO.test(value) || NAME.test(value)
}
