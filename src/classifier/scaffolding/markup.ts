const BEGINS = /^\s*</
/** How HTML texts begin: the content of their tags is words, and these tags end lines. */
const PROSE =
  /^<(?:html|body|p|div|span|br|table|tbody|tr|td|th|blockquote|font|b|strong|i|em|u|a)(?:\s[^<>]*)?>/i
/** What a program notes around the markup. */
const COMMENTS = /^(?:\s*<!--[^<>]*-->)+|(?:<!--[^<>]*-->\s*)+$/g
const HEAD = /<head[\s>][\s\S]*?<\/head>/i
const LINE_ENDS = /<br\s*\/?>|<\/(?:p|div|tr|li|h[1-6]|blockquote)>/gi
const CELL_ENDS = /<\/t[dh]>\s*(?=<t[dh])/gi
const NO_PROSE = /<(?:script|style|input|button|form|svg|img|link|meta|!doctype)\b/i
const TAG = /<\/?[a-z!?][^<>]*>/gi
const ATTRIBUTED = /<[a-z]\w*\s[^<>]*>/gi
/** Mail programs write them to words of any length. */
const STYLE = / (?:style|class|lang|dir|link|xmlns(?::\w+)?)="[^"<>]*"/gi
/** Teams, GitHub: whom a message addresses. */
const MENTION =
  /<span\s[^<>]*\/Mention"[^<>]*>[^<>]*<\/span>(?:&nbsp;)?|<a\s[^<>]*\bmention\b[^<>]*>[^<>]*<\/a>/gi
const LEAF = /<([A-Za-z][\w.:-]*)(?:\s[^<>]*)?>([^<>]+)<\/\1>/g
const CDATA = /<!\[CDATA\[([\s\S]*?)\]\]>/g
const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&apos;': "'",
  '&nbsp;': ' ',
  '&amp;': '&',
}

/** Larger ones are read as they are. UTF-16 units. */
const LARGEST = 16_384

/**
 * The words of a text that is nothing but markup: an HTML mail, or an XML envelope with a value of one of these
 * names, or around one that is longer than all others together. A pasted web page, with more text in tag
 * attributes than in words, is unchanged.
 */
export function unmarked(text: string, names: readonly string[]): string {
  if (!BEGINS.test(text)) return text
  if (text.length > LARGEST) return text
  const whole = text.replace(COMMENTS, '').trim()
  if (!BEGINS.test(whole) || !whole.endsWith('>')) return text
  const words = PROSE.test(whole) ? proseOf(whole) : envelopedValue(whole, names)
  return words === undefined || words === '' ? text : words
}

function proseOf(markup: string): string | undefined {
  const whole = markup.replace(HEAD, '').replace(MENTION, '')
  if (NO_PROSE.test(whole)) return undefined
  const bare = whole.replace(CELL_ENDS, ': ').replace(LINE_ENDS, '\n').replace(TAG, '')
  const words = decoded(bare).trim()
  const tags = whole.replace(STYLE, '').match(ATTRIBUTED) ?? []
  const attributes = tags.reduce((sum, tag) => sum + tag.length, 0)
  return words.length < attributes ? undefined : words
}

function envelopedValue(markup: string, names: readonly string[]): string | undefined {
  const whole = markup.replace(CDATA, (_, content: string) => encoded(content))
  const leaves = [...whole.matchAll(LEAF)].map(([, name = '', value = '']) => ({ name, value: value.trim() }))
  const around = whole.replace(LEAF, '')
  const isLoneValue = around === '' && leaves.length === 1
  if (isLoneValue || around.replace(TAG, '').trim() !== '') return undefined
  const named = names.map((wanted) => leaves.find(({ name }) => name === wanted)?.value).find(Boolean)
  const words = named ?? longestOf(leaves.map(({ value }) => value))
  return words === undefined ? undefined : decoded(words)
}

/** If it is longer than all others together, and no mere number or name. */
function longestOf(values: readonly string[]): string | undefined {
  const longest = values.reduce((best, value) => (value.length > best.length ? value : best), '')
  const all = values.reduce((sum, value) => sum + value.length, 0)
  return /\s|\p{Lo}/u.test(longest) && longest.length * 2 > all ? longest : undefined
}

function encoded(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function decoded(text: string): string {
  return text.replace(/&(?:lt|gt|quot|apos|nbsp|amp|#39);/g, (entity) => ENTITIES[entity] ?? entity)
}
