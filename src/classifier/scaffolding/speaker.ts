/** A time, a date or both, as chats write them. */
const TIME =
  '(?:\\d{4}-\\d\\d-\\d\\d[T ]|\\d{1,2}[./]\\d{1,2}[./]\\d{2,4},? )?\\d{1,2}:\\d\\d(?::\\d\\d)?(?:[.,]\\d{1,6})?(?: ?[ap]m)?Z?'
const NAME = '[\\p{L}\\p{M}\\p{N}_.~-]{1,24}(?: [\\p{L}\\p{M}\\p{N}_.-]{1,24}){0,2}'

/** "[9:41 AM] bob: ", "User (12:03): ", "12:03 <anna> ", "**anna** — Today at 12:03" and the like. */
const STAMPED = [
  `^\\[${TIME}\\](?: \\*{0,2}<?${NAME}>?\\*{0,2}(?: \\(.{1,20}\\))?:)? `,
  `^\\*{0,2}${NAME}\\*{0,2} +[\\[(]${TIME}[\\])](?::| ?\\n)\\s*`,
  `^\\p{L}[^\\n:]{2,60} (?:at|um|à|a las|às|alle|om) ${TIME}: `,
  `^${TIME} (?:- )?(?:<${NAME}>|${NAME}:) `,
  `^\\*{0,2}${NAME}\\*{0,2} +(?:— )?(?:(?:today|yesterday) at |heute um |hier à )?${TIME}\\n`,
].map((pattern) => new RegExp(pattern, 'iu'))

/** Addresses a bot: Slack, Teams, Discord, and typed by hand. */
const MENTION =
  /^(?:<@!?[A-Z0-9]{4,24}(?:\|[^>\n]{1,40})?>|<at(?: id="\d+")?>[^<\n]{1,40}<\/at>|@[\p{L}\p{N}_.-]{1,32}(?:#\d{4})?)[,:]?\s+/u

/** A speaker is looked for only this far into a text. UTF-16 units. */
const REACH = 120

/**
 * Removes who said it when, and the bot or assistant addressed; if nothing else is said, the text is
 * unchanged. `calls` are in lower case: "hey siri", "/ask".
 */
export function compileSpeakers(calls: readonly string[]): (text: string) => string {
  const callsByFirst = Map.groupBy(calls, (call) => call.charAt(0))

  return (text) => {
    const words = withoutCall(withoutMention(withoutStamp(text)))
    return words === '' ? text : words
  }

  function withoutCall(text: string): string {
    const alike = callsByFirst.get(text.charAt(0).toLowerCase())
    if (alike === undefined) return text
    const start = text.slice(0, REACH).toLowerCase()
    const call = alike.find((one) => start.startsWith(one) && /^[\s,:：，!.]/.test(start.slice(one.length)))
    return call === undefined ? text : text.slice(call.length).replace(/^[\s,:：，!.]+/, '')
  }
}

function withoutStamp(text: string): string {
  const colon = text.indexOf(':')
  if (colon < 1 || colon > REACH) return text
  const head = text.slice(0, REACH)
  if (!/\d:\d\d/.test(head)) return text
  for (const stamped of STAMPED) {
    const length = stamped.exec(head)?.[0].length
    if (length !== undefined) return text.slice(length)
  }
  return text
}

function withoutMention(text: string): string {
  return text.startsWith('@') || text.startsWith('<') ? text.replace(MENTION, '') : text
}
