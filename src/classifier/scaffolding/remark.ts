/** Longer lines are words. UTF-16 units. */
const LONGEST = 100

/** "[web | plan=free]", "(remaining context: 118k)", "{user: 42}": a name and a value, or several words. */
const BRACKETED = /^(?:\[[^[\]\n]+\]|\([^()\n]+\)|\{[^{}\n]+\})$/
/** Quoted values are data that somebody asks about. */
const DATA = /["'`]/
const TELLING = /\p{L}{2,}(?:.*[:=#|]|(?: \S+){2})/u
/** A tool result, labelled as such. */
const TOOL_RESULT = /^\{ ?"(?:tool|tool_name|tool_call_id|function|function_call|observation)" ?:.{1,2000}\}$/
/** "session=9f2 | app=mobile", "Workspace: shop · Mode: chat". */
const PIPED = /^[^|·]{1,40}(?: [|·] [^|·]{1,40})+$/
const PAIR = /[\p{L}\p{N}_.-] ?[:=]/u
/** Who said it and when, or only when, above the words: "Ann Lee, [22.11. 12:03]", "00:01.0 --> 00:04.0". */
const CLOCK = /\d:\d|-->/
const STAMPS = [
  /^\p{Lu}[\p{L}\p{M}.'-]*(?: \p{Lu}[\p{L}\p{M}.'-]*){0,3}(?:,? [[(]|, |,? {2,}|,? [—–-] )(?:\p{L}{3,9}\.? \d{1,2},? \d{4})?[\d./: ,apmZT-]*\d:\d\d[\d: apmAPMZ]*(?:[A-Z]{3,4})?[\])]?$/u,
  /^(?:\p{L}{3,9}, )?(?:\p{L}{3,9}\.? \d{1,2},? \d{4}|\d{1,2}\.? \p{L}{3,9}\.? \d{4}|\d{4}-\d\d-\d\d),? (?:at |um |à )?\d{1,2}:\d\d(?: ?[AP]M)?(?: [A-Z]{2,4})?$/u,
  /^(?:\p{L}+ (?:by|from|von|de|di|van) )?\p{Lu}[\p{L}\p{M}.'-]*(?: \p{Lu}[\p{L}\p{M}.'-]*){0,3} [[(]\d{1,2}[./ ](?:\p{Lu}\p{Ll}{2}|\d{1,2})[./ ]\d{2,4},? \d{1,2}:\d\d(?: ?[AP]M)?[\])]$/u,
  /^\[[^[\]\n]{0,24}\d:\d\d[^[\]\n]{0,8}\] \p{Lu}[\p{L}\p{M}\p{N} .'_-]{0,32}$/u,
  /^\s*\d{1,2}:\d\d ?[AP]M$/i,
  /^[\d:.,]+ --> [\d:.,]+$/,
]
/** "Today's date: 2026-11-22. User location: Lisbon, Portugal." */
const PAIRS = /^(?:[\p{L}\p{M}' ]{3,30}: ?[^:.;\n]{1,40}[.;] ?){2,}$/u
/** "SMS from +44 7700 at 09:41:", "user_proxy (to assistant):", "**Ann asked:**", "Forwarded from Ann:" */
const ANNOUNCED = [
  /^.{0,50}\b\d{1,2}:\d\d(?::\d\d)?(?: ?[ap]m)?\)?:$/i,
  /^[\p{L}\p{N}_ -]{1,32} \((?:to|→|->) [\p{L}\p{N}_ -]{1,32}\):$/u,
  /^\*{0,2}[\p{L}\p{M}._@ -]{1,40} (?:asks|asked|says|said|writes|wrote|fragt|schreibt|schrieb|demande|écrit|pregunta|escribe|pergunta|chiede|scrive|vraagt|schrijft|спрашивает|пишет)(?:\*{0,2}:|:\*{0,2})$/u,
  /^(?:forwarded (?:message )?from|weitergeleitet von|transféré de|reenviado de|переслано от|转发自)\b.{0,40}:$/i,
]
const ENDS_IN_COLON = /:\*{0,2}$/
/** "##- Please type your reply above this line -##", "Reply above this line to add a comment." */
const SEPARATOR = /^#{2,}-.{1,80}-#{2,}$|^(?:please )?(?:type your )?reply above this line\b.{0,40}$/i
/** "Ann Lee opened an issue: #77", in a mail from where issues are kept. */
const NOTICE =
  /^.{1,60} (?:created|opened|reopened|commented on|replied to|assigned|updated) (?:a|an|the|this|you) (?:new )?(?:issue|ticket|merge request|pull request|task|discussion|card|case)\b[^.?!]{0,30}$/i
/** "ref:!00D50000.!5005000012:ref", by which an answer to a mail is told. */
const REFERENCE = /^ref:\S{8,80}:ref$/
/** "<<<", "=====", "===== BEGIN USER INPUT =====" */
const FENCE =
  /^(?:<{3,}|>{3,}|={3,}|~{3,}|#{3,}|-{3,})(?: ?\p{L}[\p{L} _]{0,30}(?:<{3,}|>{3,}| ={3,}| ~{3,}| #{3,}| -{3,}))?$/u
const RULE = /^(?:-{3,}|={3,}|\*{3,}|_{3,})$/
/** "[web-chat #5512] " before the words, on their line. A clock before just a name is a stamp instead. */
const LABEL = /^\[\p{L}[^[\]\n]{0,40}(?:[#:=]|\p{L}{2} \p{L}{2}\p{L}*,)[^[\]\n]{1,40}\] +/u

/** Whether a line is a program's remark on who, when and where from, judged by shape alone. */
export function isRemark(line: string): boolean {
  if (isMeta(line) || isStamp(line)) return true
  if (line.length > LONGEST || !line.includes(':')) return SEPARATOR.test(line)
  if (NOTICE.test(line)) return true
  return PAIRS.test(line) || (ENDS_IN_COLON.test(line) && ANNOUNCED.some((one) => one.test(line)))
}

/** A remark that may also be below the words. */
export function isMeta(line: string): boolean {
  if (line.startsWith('{') && TOOL_RESULT.test(line)) return true
  if (line.length > LONGEST) return false
  if (line.startsWith('ref:')) return REFERENCE.test(line)
  if (BRACKETED.test(line)) return TELLING.test(line) && !DATA.test(line)
  if (!isList(line)) return false
  const parts = line.split(/ [|·] /)
  return parts.filter((part) => PAIR.test(part)).length * 2 >= parts.length
}

/** "Support over WhatsApp · session 7d2a": short parts beside each other, as above a log or below a message. */
export function isList(line: string): boolean {
  return line.length <= LONGEST && PIPED.test(line)
}

/** A remark above each turn of a transcript. */
export function isStamp(line: string): boolean {
  return line.length <= LONGEST && CLOCK.test(line) && STAMPS.some((one) => one.test(line))
}

/** Whether a line merely separates what is above it from what is below. */
export function isRule(line: string): boolean {
  return RULE.test(line)
}

/** Whether a line opens or closes a fenced block. */
export function isFence(line: string): boolean {
  return line.length <= LONGEST && FENCE.test(line)
}

/** Length in UTF-16 units of a remark before a text's first word. */
export function labelLength(text: string): number {
  if (!text.startsWith('[')) return 0
  const start = text.slice(0, LONGEST)
  return isStamp(start.split('\n', 1)[0] ?? '') ? 0 : (LABEL.exec(start)?.[0].length ?? 0)
}
