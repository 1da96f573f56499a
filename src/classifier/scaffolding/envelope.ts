/** A larger envelope is read as it is: parsing it would not pay off. UTF-16 units. */
const LARGEST = 32_768

/** How deep the words may be nested, and how many fields are read: "translate this", and into what. */
const DEEPEST = 4
const MOST_FIELDS = 3

/** How many items of a list are searched: the answers of a form. */
const MOST_ITEMS = 8

/** Of a form as a list of names and values. */
const MOST_FORM_FIELDS = 32

/** The words in a JSON, YAML or CSV envelope; undefined if it is none or has none of the keys. */
export function opened(text: string, keys: readonly string[]): string | undefined {
  if (text.length > LARGEST) return undefined
  return fromJson(text, keys) ?? fromYaml(text, keys) ?? fromCsv(text, keys)
}

/** Whether a text is nothing but a JSON object. */
export function isJsonObject(text: string): boolean {
  return text.length <= LARGEST && text.startsWith('{') && jsonOf(text) !== undefined
}

const FENCED = /^```(?:json)?\s*\n([\s\S]*)\n```$/

function fromJson(text: string, keys: readonly string[]): string | undefined {
  const inside = text.startsWith('```') ? FENCED.exec(text)?.[1] : undefined
  const envelope = jsonOf(inside ?? text)
  if (envelope === undefined) return undefined
  if (!Array.isArray(envelope)) return wordsIn(envelope, keys, DEEPEST)
  return newestOf(envelope) ?? wordsIn({ envelope }, keys, DEEPEST)
}

const OPENS_LIST = /^\[\s*\{/

function jsonOf(text: string): object | undefined {
  if (!(text.startsWith('{') && text.endsWith('}')) && !(OPENS_LIST.test(text) && text.endsWith(']')))
    return undefined
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

function wordsIn(envelope: object, keys: readonly string[], depth: number): string | undefined {
  const fields = new Map<string, unknown>(Object.entries(envelope))
  for (const value of fields.values()) {
    const spoken = newestOf(value)
    if (spoken !== undefined) return spoken
  }
  const found = keys.flatMap((key) => {
    const value = fields.get(key)
    const said = Array.isArray(value)
      ? value.filter((one) => typeof one === 'string').join('\n')
      : bareOf(value)
    return typeof said === 'string' && said.trim() !== '' ? [said.trim()] : []
  })
  if (found.length > 0) return found.slice(0, MOST_FIELDS).join('\n')
  if (depth === 1) return undefined
  for (const value of fields.values()) {
    const entered = enteredIn(value, keys)
    if (entered !== undefined) return entered
    for (const inside of Array.isArray(value) ? value.slice(0, MOST_ITEMS) : [value]) {
      if (typeof inside !== 'object' || inside === null || Array.isArray(inside)) continue
      const deeper = wordsIn(inside, keys, depth - 1)
      if (deeper !== undefined) return deeper
    }
  }
  return undefined
}

/** In a list of fields, `[{"title": "Request", "text": "…"}, …]`, the value of one of these names. */
function enteredIn(list: unknown, keys: readonly string[]): string | undefined {
  if (!Array.isArray(list)) return undefined
  const fields = new Map<string, unknown>()
  for (const item of list.slice(0, MOST_FORM_FIELDS)) {
    if (typeof item !== 'object' || item === null) return undefined
    const { title, name, label, question, text, value, answer } = item as Record<string, unknown>
    const heading = title ?? name ?? label ?? question
    if (typeof heading !== 'string') return undefined
    fields.set(heading.toLowerCase(), text ?? value ?? answer)
  }
  const said = keys.map((key) => fields.get(key)).find((one) => typeof one === 'string' && one !== '')
  return typeof said === 'string' ? said : undefined
}

/** Voice assistants write `{"query": {"value": "…"}}`. */
function bareOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, 'value') : value
}

/** What the user said last in a list of messages. */
function newestOf(messages: unknown): string | undefined {
  if (!Array.isArray(messages)) return undefined
  const newest: unknown = messages.findLast(
    (message) => typeof message === 'object' && message !== null && Reflect.get(message, 'role') === 'user',
  )
  const content: unknown =
    typeof newest === 'object' && newest !== null ? Reflect.get(newest, 'content') : undefined
  const parts: readonly unknown[] = Array.isArray(content) ? content : [content]
  const said = parts.map(textOf).filter((one) => one !== undefined)
  return said.length === 0 ? undefined : said.join('\n')
}

/** The text of a message, or of a part of one. */
function textOf(part: unknown): string | undefined {
  const text: unknown = typeof part === 'object' && part !== null ? Reflect.get(part, 'text') : part
  return typeof text === 'string' ? text : undefined
}

/** Only a text of nothing but `key: value` lines, including a known key, is an envelope. */
function fromYaml(text: string, keys: readonly string[]): string | undefined {
  if (!text.includes('\n') || !/^[a-z_]+: /i.test(text)) return undefined
  const fields = new Map<string, string>()
  for (const line of text.split('\n')) {
    const field = /^([a-z_]+): +(\S.*)$/i.exec(line)
    if (field?.[1] === undefined || field[2] === undefined) return undefined
    fields.set(field[1].toLowerCase(), unquoted(field[2]))
  }
  for (const key of keys) {
    const value = fields.get(key)
    if (value !== undefined) return value.trim()
  }
  return undefined
}

const CSV_HEADER = /^[\w.-]+(?:([,;\t])[\w.-]+)(?:\1[\w.-]+)*$/
/** A cell and what separates it from the one before. */
const CSV_CELL = /(^|[,;\t])(?:"((?:[^"]|"")*)"|([^",;\t\n]*))/y

/** Only a header and one row of as many cells are an envelope: more rows are what somebody asks about. */
function fromCsv(text: string, keys: readonly string[]): string | undefined {
  const end = text.indexOf('\n')
  const separator = CSV_HEADER.exec(text.slice(0, Math.max(0, end)))?.[1]
  if (separator === undefined) return undefined
  const names = text.slice(0, end).toLowerCase().split(separator)
  const cells = cellsOf(text.slice(end + 1).trim(), separator)
  if (cells?.length !== names.length) return undefined
  const words = keys.map((key) => cells[names.indexOf(key)]).find((cell) => cell !== undefined)
  return words?.trim() || undefined
}

/** The cells of a row; undefined if a quote is not closed or anything follows one. */
function cellsOf(row: string, separator: string): readonly string[] | undefined {
  const cells: string[] = []
  CSV_CELL.lastIndex = 0
  do {
    const [, before, quoted, plain] = CSV_CELL.exec(row) ?? []
    if (before !== (cells.length === 0 ? '' : separator)) return undefined
    cells.push(quoted?.replaceAll('""', '"') ?? plain ?? '')
  } while (CSV_CELL.lastIndex < row.length)
  return cells
}

/** A value in double quotes is unescaped as JSON, with `\n` for a line break. */
function unquoted(value: string): string {
  if (value.startsWith('"')) {
    try {
      const text: unknown = JSON.parse(value)
      if (typeof text === 'string') return text
    } catch {
      // Not escaped after all: just remove the quotes.
    }
  }
  return value.replace(/^(["'])(.*)\1$/, '$2')
}
