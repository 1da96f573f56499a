import { isList } from './remark.ts'

/** Speakers in a log of a conversation, in lower case. */
export interface Speakers {
  /** Those who ask. */
  readonly people: readonly string[]
  /** Those who answer. */
  readonly programs: readonly string[]
}

/** "User: ", "**Caller:** ", "[00:00:06] CALLER: ", "[22/07/2025 08:15:02] Ana: ". */
const LABEL =
  /^(\[[\d:.,/ -]{4,22}(?: ?[AP]M)?\] ?)?\*{0,2}(\p{L}[\p{L} _-]{0,31}?)\*{0,2} ?[:：]\*{0,2}(?: |$)/u
/** Opens a YAML value of several lines. */
const OPENS_BLOCK = /^[|>][-+]?$/
/** What may surround a speaker's name. */
const NEWEST =
  /^(?:the )?(?:(?:new|newest|latest|current|next|last|final|incoming) )?(?:(?:message|input|question|query|request) (?:from|by|of) (?:the )?)?|(?<=\p{L}) (?:message|input|question|query|request|turn)$/gu
const RULE = /^-{3,}$/

/** Of a longer log only the ends are read, as of any long text. UTF-16 units. */
const LARGEST = 8_192

/**
 * What the person said last, in a text that is nothing but a log of a conversation, or that ends in a
 * paragraph a program attributes to the person. Any other text is unchanged: a log below an ask is what the
 * ask is about.
 */
export function compileDialogues({ people, programs }: Speakers): (text: string) => string {
  const askers = new Set(people)
  const answerers = new Set(programs)

  return (text) => {
    if (text.length > LARGEST || !namesSpeaker(text)) return text
    const lines = linesOf(text)
    const labels = lines.map((line) => LABEL.exec(line.slice(0, LONGEST_LABEL)))
    const isStamped = labels[0]?.[1] !== undefined
    const named = labels.map((label) => label?.[2]?.toLowerCase() ?? '')
    const isAnswered = named.some(isAnswerer)
    /** Whoever answers nobody in a log with times asks, by whatever name. */
    const isOther = (name: string, at: number) =>
      isStamped && isAnswered && labels[at]?.[1] !== undefined && !isAnswerer(name)
    const speakers = named.map((name, at) => (isOther(name, at) ? ANYBODY : name))
    const begin = speakers.findLastIndex(isAsker)
    if (begin === -1) return text
    const isLog = isSpeaker(speakers[0] ?? '') && isAnswered
    const isLast =
      begin === 0
        ? speakers.indexOf('', 1) === 1 || lines.length === 1
        : isApart(lines[begin - 1] ?? '') && !speakers.slice(0, begin).some(isSpeaker)
    if (!isLog && !isLast) return text
    const length = speakers.slice(begin + 1).findIndex(isSpeaker)
    const [first = '', ...more] = lines.slice(begin, length === -1 ? undefined : begin + 1 + length)
    const said = first.replace(LABEL, '')
    if (OPENS_BLOCK.test(said)) return text
    return [said, ...more].join('\n').trim() || text
  }

  /** "user", or "new message from the user". */
  function isAsker(name: string): boolean {
    return (
      name === ANYBODY || askers.has(name) || (name.includes(' ') && askers.has(name.replace(NEWEST, '')))
    )
  }

  function isSpeaker(name: string): boolean {
    return isAsker(name) || isAnswerer(name)
  }

  /** "assistant", or "assistant of the shop". */
  function isAnswerer(name: string): boolean {
    return answerers.has(name) || answerers.has(name.split(' ', 1)[0] ?? '')
  }
}

/** In place of a name that is on no list. */
const ANYBODY = '*'

/** "[22/07/2025 08:15:02] \u200eStatus: delivered": the mark tells what a messenger itself adds to a log. */
const BY_MESSENGER = /^\[[\d:.,/ -]{4,22}(?: ?[AP]M)?\] ?\u200e/

/** Without a remark above the log. */
function linesOf(text: string): readonly string[] {
  const lines = text.trim().split('\n')
  const first = lines.findIndex((line) => line.trim() !== '' && !isList(line))
  return lines.slice(Math.max(0, first)).filter((line) => !BY_MESSENGER.test(line))
}

/** Fast path: a name ends in a colon, near the start of a line. */
function namesSpeaker(text: string): boolean {
  const reach = text.includes('\n') ? LARGEST : LONGEST_LABEL
  const isNear = (colon: number) => colon !== -1 && colon < reach
  return isNear(text.indexOf(':')) || isNear(text.indexOf('：'))
}

/** A speaker's name is looked for only this far into a line. UTF-16 units. */
const LONGEST_LABEL = 48

function isApart(line: string): boolean {
  const bare = line.trim()
  return bare === '' || RULE.test(bare)
}
