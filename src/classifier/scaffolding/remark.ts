/** What is longer is words. UTF-16 units. */
const LONGEST = 100

/** "[web | plan=free]", "(remaining context: 118k)", "{user: 42}": with a name and a value, or a remark of several words. */
const BRACKETED = /^(?:\[[^[\]\n]+\]|\([^()\n]+\)|\{[^{}\n]+\})$/
/** Values in quotes are data that somebody asks about. */
const DATA = /["'`]/
const TELLING = /\p{L}{2,}(?:.*[:=#|]|(?: \S+){2})/u
/** "session=9f2 | app=mobile", "Workspace: shop · Mode: chat". */
const PIPED = /^[^|·]{1,40}(?: [|·] [^|·]{1,40})+$/
const PAIR = /[\p{L}\p{N}_.-] ?[:=]/u
/** Who said it and when, or only when, above the words: "Ann Lee, [22.11. 12:03]", "00:01.0 --> 00:04.0". */
const STAMPS = [
  /^\p{Lu}[\p{L}\p{M}.'-]*(?: \p{Lu}[\p{L}\p{M}.'-]*){0,3}(?:,? [[(]|,? {2,}|,? [—–-] )[\d./: ,apmZT-]*\d:\d\d[\d: apmZ]*[\])]?$/u,
  /^[\d:.,]+ --> [\d:.,]+$/,
]
/** "SMS from +44 7700 at 09:41:" */
const ANNOUNCED = /^.{0,50}\b\d{1,2}:\d\d(?::\d\d)?(?: ?[ap]m)?\)?:$/i
/** "<<<", "=====", "===== BEGIN USER INPUT =====" */
const FENCE =
  /^(?:<{3,}|>{3,}|={3,}|~{3,}|#{3,}|-{3,})(?: ?\p{L}[\p{L} _]{0,30}(?:<{3,}|>{3,}| ={3,}| ~{3,}| #{3,}| -{3,}))?$/u
const RULE = /^(?:-{3,}|={3,}|\*{3,}|_{3,})$/
/** "[web-chat #5512] " before the words, on their line. */
const LABEL = /^\[\p{L}[^[\]\n]{0,40}[#:=][^[\]\n]{1,40}\] +/u

/** Whether a line is a program's remark on who, when and where from, and no words: told by its shape, whatever the names. */
export function isRemark(line: string): boolean {
  return isMeta(line) || isStamp(line) || (line.length <= LONGEST && ANNOUNCED.test(line))
}

/** A remark that may stand below the words, too. */
export function isMeta(line: string): boolean {
  if (line.length > LONGEST) return false
  if (BRACKETED.test(line)) return TELLING.test(line) && !DATA.test(line)
  if (!PIPED.test(line)) return false
  const parts = line.split(/ [|·] /)
  return parts.filter((part) => PAIR.test(part)).length * 2 >= parts.length
}

/** A remark that is written above each turn of a transcript. */
export function isStamp(line: string): boolean {
  return line.length <= LONGEST && STAMPS.some((one) => one.test(line))
}

/** Whether a line does nothing but set off what is above it from what is below. */
export function isRule(line: string): boolean {
  return RULE.test(line)
}

/** Whether a line opens or closes what stands between two of its kind. */
export function isFence(line: string): boolean {
  return line.length <= LONGEST && FENCE.test(line)
}

/** How many units of a text a remark before its first word takes. */
export function labelLength(text: string): number {
  return text.startsWith('[') ? (LABEL.exec(text.slice(0, LONGEST))?.[0].length ?? 0) : 0
}
