import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml'
import { ConfigError, type Problem } from './config-error.ts'
import { formatPath, type KeyPath } from './key-path.ts'

/** A parsed YAML file: its tree, and the line of every key. */
export interface YamlFile {
  readonly file: string
  readonly document: Document
  readonly lines: LineCounter
}

/**
 * What the parser's error codes mean in a configuration. The parser's own messages may quote the line, and
 * with it a secret.
 */
const SYNTAX: Readonly<Record<string, string>> = {
  BAD_ALIAS: 'a value that starts with * must be quoted',
  BAD_INDENT: 'wrong indentation',
  BAD_SCALAR_START: 'a value that starts with @ or ` must be quoted',
  BLOCK_AS_IMPLICIT_KEY: 'a key: value pair where a plain value stands; quote values that hold ": "',
  DUPLICATE_KEY: 'the key stands twice',
  MISSING_CHAR: 'a closing quote, bracket or a colon is missing',
  MULTILINE_IMPLICIT_KEY: 'a key without its colon',
  MULTIPLE_DOCS: 'one document only; remove what follows ---',
  TAB_AS_INDENT: 'indent with spaces, not tabs',
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: what people write in the file.
const QUOTE_HINT = '; inside { } and [ ] write "${NAME}" in quotes'

/** Parses YAML text. Throws a ConfigError that lists each syntax error and duplicate key with its line. */
export function parseYaml(file: string, text: string): YamlFile {
  const lines = new LineCounter()
  // The parser's own warnings would go to stderr and quote the file's contents.
  const options = { prettyErrors: false, uniqueKeys: true, logLevel: 'error' } as const
  const document = parseDocument(text, { ...options, lineCounter: lines })
  const first = document.errors.find(({ code }) => code !== 'DUPLICATE_KEY')
  // Errors after the first syntax error are only its consequences.
  const errors = first === undefined ? document.errors : [first]
  const problems: Problem[] = errors.map(({ code, pos }) => {
    const { line, col: column } = lines.linePos(pos[0])
    const quote = text.split('\n')[line - 1]?.includes('${') === true && code !== 'DUPLICATE_KEY'
    const why = SYNTAX[code] ?? code.toLowerCase().replaceAll('_', ' ')
    const message = `not valid YAML: ${why}${quote ? QUOTE_HINT : ''}`
    return { file, line, column, path: '', message }
  })
  visit(document, {
    Alias(_, alias, above) {
      const meant = alias.resolve(document)
      if (meant !== undefined && !above.includes(meant)) return
      const { line, col: column } = lines.linePos(alias.range?.[0] ?? 0)
      const why = meant === undefined ? SYNTAX.BAD_ALIAS : 'an alias stands inside what it stands for'
      problems.push({ file, line, column, path: '', message: `not valid YAML: ${why}` })
    },
  })
  if (problems.length > 0) throw new ConfigError(problems)
  return { file, document, lines }
}

/** The file's contents as plain values. Throws a ConfigError if a few aliases expand beyond memory. */
export function valuesOf({ file, document }: YamlFile): unknown {
  try {
    return document.toJS()
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error
    throw new ConfigError([
      { file, line: undefined, path: '', message: 'its aliases multiply it beyond measure' },
    ])
  }
}

/** The position of the key at `path`, or of its nearest ancestor that is written out. */
function placeOf(
  { document, lines }: YamlFile,
  path: KeyPath,
): { readonly line: number; readonly col: number } | undefined {
  let node: unknown = document.contents
  let offset = document.contents?.range?.[0]
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document)
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => String(isScalar(key) ? key.value : key) === String(step))
      if (pair === undefined) break
      offset = startOf(pair.key) ?? offset
      node = pair.value
    } else if (isSeq(node)) {
      node = node.items[Number(step)]
      offset = startOf(node) ?? offset
    } else break
  }
  return offset === undefined ? undefined : lines.linePos(offset)
}

function startOf(node: unknown): number | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range?.[0] : undefined
}

/** A problem at a key of this file. */
export function problemAt(yaml: YamlFile, path: KeyPath, message: string): Problem {
  const place = placeOf(yaml, path)
  const column = place === undefined ? {} : { column: place.col }
  return { file: yaml.file, line: place?.line, ...column, path: formatPath(path), message }
}

/** Calls `change` with every text value (not keys) and its path, and replaces the value with the result. */
export function mapTexts({ document }: YamlFile, change: (text: string, path: KeyPath) => unknown): void {
  const walk = (node: Node | null, path: KeyPath): void => {
    if (isScalar(node) && typeof node.value === 'string') node.value = change(node.value, path)
    else if (isMap(node)) {
      for (const { key, value } of node.items) {
        const name = isScalar(key) ? String(key.value) : String(key)
        if (isScalar(value) || isMap(value) || isSeq(value)) walk(value, [...path, name])
      }
    } else if (isSeq(node)) {
      node.items.forEach((item, index) => {
        if (isScalar(item) || isMap(item) || isSeq(item)) walk(item, [...path, index])
      })
    }
  }
  const root = document.contents
  if (isScalar(root) || isMap(root) || isSeq(root)) walk(root, [])
}
