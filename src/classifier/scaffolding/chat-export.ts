import type { Speakers } from './dialogue.ts'
import { isFence } from './remark.ts'

/** Of a longer text only the ends are scored, and a log is a large part of it. UTF-16 units. */
const LARGEST = 8_192

/** A log with fewer messages may be a person's own notes. */
const FEWEST_MESSAGES = 2

/** Titles and dates above a log: lines, and UTF-16 units per line. */
const MOST_ABOVE = 8
const LONGEST_ABOVE = 100

/** How messengers begin a message in a log: the first group is the name. */
const HEADS = [
  /^\d{1,2}:\d\d(?: ?[AP]M)?\t([^\t\n]{1,40})\t/,
  /^\[([^[\]\n]{1,40})\] \[[^[\]\n]{0,24}\d:\d\d[^[\]\n]{0,8}\] /,
  /^[\d./-]{6,10},? \d{1,2}:\d\d(?: ?[AP]M)? - ([^:\n]{1,40}): /i,
  /^\d{4}년 \d{1,2}월 \d{1,2}일 \S{2} \d{1,2}:\d\d, ([^:\n]{1,40}) : /,
  /^(\S[^\n]{0,40}?) {2,}(?:[\d./-]{6,10} )?\d{1,2}:\d\d$/,
  /^\[[\d./-]{6,10},? \d{1,2}:\d\d(?: ?[AP]M)?\] ([^:\n]{1,40})$/i,
]
/** Without a time, "Ann Lee: " may also be a field: only who speaks twice, or a program, is a speaker. */
const PLAIN_HEAD = /^(\p{Lu}[\p{L}\p{M} .'-]{0,39}):(?: |$)/u
/** "2025/05/12(月)", "--------------- 2025년 7월 3일 목요일 ---------------", "Saved: 2025-07-03 21:08:44" */
const DATED = /\d{1,4}(?:[./-]|년 )\d{1,2}(?:[./-]|월 )\d{1,4}|: .*\d:\d\d/
/** What else is above the log in a file that a messenger writes. */
const TITLE =
  /^(?:\[\p{L}+\] |whatsapp[ -]chat |(?:conversation|chat) with |(?:guild|server|channel|workspace|page): )|(?:대화|履歴)$/iu

/** A message in a log. */
interface Message {
  /** Index of its first line. */
  readonly at: number
  readonly name: string
  /** Length of what is before its words. UTF-16 units. */
  readonly head: number
}

/**
 * What the person said last, in a log of a chat with a program as messengers export it: people are named as they
 * are, the program by what it is. Any other text is unchanged: a log below an ask is what the ask is about.
 * Linear in the text's length.
 */
export function compileChatExports({ programs }: Speakers): (text: string) => string {
  const program = programPattern(programs)
  const isByProgram = ({ name }: Message) => program.test(name)

  return (text) => {
    if (text.length > LARGEST || !text.includes('\n') || !/:[ \d]/.test(text)) return text
    const lines = text.trim().split('\n')
    const timed = messagesIn(lines, HEADS)
    const messages = timed.length > 0 ? timed : spokenTwice(messagesIn(lines, [PLAIN_HEAD]))
    const begin = messages[0]?.at ?? Infinity
    if (begin > MOST_ABOVE || !lines.slice(0, begin).every(isAbove)) return text
    if (messages.length < FEWEST_MESSAGES || !messages.some(isByProgram)) return text
    const last = messages.findLast((message) => !isByProgram(message))
    if (last === undefined) return text
    const next = messages.find(({ at }) => at > last.at)?.at
    const [first = '', ...more] = lines.slice(last.at, next)
    const end = more.findIndex(isFence)
    const words = [first.slice(last.head), ...more.slice(0, end === -1 ? undefined : end)]
    return words.join('\n').trim() || text
  }

  function spokenTwice(messages: readonly Message[]): readonly Message[] {
    const times = Map.groupBy(messages, ({ name }) => name)
    return messages.filter((message) => isByProgram(message) || (times.get(message.name) ?? []).length > 1)
  }
}

/** "Blue Kettle Assistant", "Assistant of the shop", "AskBot", "サポートボット", but not "Tomoki". */
function programPattern(programs: readonly string[]): RegExp {
  const parts = programs.filter((program) => program === 'bot' || /\P{ASCII}/u.test(program))
  const [any, part] = [programs, parts].map((names) => names.map((name) => RegExp.escape(name)).join('|'))
  return new RegExp(`(?:^| )(?:${any})$|^(?:${any}) |(?:${part})$`, 'iu')
}

function messagesIn(lines: readonly string[], heads: readonly RegExp[]): readonly Message[] {
  return lines.flatMap((line, at) => {
    if (!line.slice(0, LONGEST_ABOVE).includes(':')) return []
    for (const head of heads) {
      const [start, name] = head.exec(line) ?? []
      if (start !== undefined && name !== undefined) return [{ at, name, head: start.length }]
    }
    return []
  })
}

/** Whether a messenger wrote this line above the log. */
function isAbove(line: string): boolean {
  if (line.trim() === '' || isFence(line)) return true
  return line.length <= LONGEST_ABOVE && (DATED.test(line) || TITLE.test(line))
}
