import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type Scalar,
  visit,
} from 'yaml'
import { ConfigError, type Problem } from './config-error.ts'
import { tooDeepLine } from './depth.ts'
import { formatPath, type KeyPath } from './key-path.ts'

/** A parsed YAML file: its tree, and the line of every key. */
export interface YamlFile {
  readonly file: string
  readonly document: Document
  readonly lines: LineCounter
}

const BAD_ALIAS = 'a value that starts with * must be quoted'
const REPEATED_KEY = 'duplicate key'

/**
 * What the parser's error codes mean in a configuration. The parser's own messages may quote the line, and
 * with it a secret.
 */
const SYNTAX: Readonly<Record<string, string>> = {
  BAD_ALIAS,
  BAD_INDENT: 'wrong indentation',
  BAD_SCALAR_START: 'a value that starts with @ or ` must be quoted',
  BLOCK_AS_IMPLICIT_KEY: 'a key: value pair where a plain value is expected; quote values that contain ": "',
  MISSING_CHAR: 'a closing quote, bracket or a colon is missing',
  MULTILINE_IMPLICIT_KEY: 'a key without its colon',
  MULTIPLE_DOCS: 'one document only; remove what follows ---',
  TAB_AS_INDENT: 'indent with spaces, not tabs',
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: what people write in the file.
const QUOTE_HINT = '; inside { } and [ ] write "${NAME}" in quotes'

/**
 * Parses YAML text. Throws a ConfigError that lists each syntax error and repeated key with its line, or the
 * first line that is nested too deep. Linear in the length of the text: a reload runs beside requests.
 */
export function parseYaml(file: string, text: string): YamlFile {
  const deepLine = tooDeepLine(text)
  if (deepLine !== undefined)
    throw new ConfigError([{ file, line: deepLine, path: '', message: 'nested too deeply' }])
  const lines = new LineCounter()
  const problems: Problem[] = []
  const say = (offset: number | undefined, message: string) => {
    const { line, col: column } = lines.linePos(offset ?? 0)
    problems.push({ file, line, column, path: '', message: `not valid YAML: ${message}` })
  }
  // The parser's own warnings would go to stderr and quote the file's contents; to find repeated keys, it
  // compares each with all others.
  const options = { prettyErrors: false, uniqueKeys: false, logLevel: 'error' } as const
  const document = parseDocument(text, { ...options, lineCounter: lines })
  // Errors after the first syntax error are only its consequences.
  const [first] = document.errors
  if (first === undefined) for (const key of repeatedKeys(document)) say(key.range?.[0], REPEATED_KEY)
  else {
    const [at] = first.pos
    const quotes = text.split('\n')[lines.linePos(at).line - 1]?.includes('${') === true
    const why = SYNTAX[first.code] ?? first.code.toLowerCase().replaceAll('_', ' ')
    say(at, quotes ? `${why}${QUOTE_HINT}` : why)
  }
  for (const { alias, why } of brokenAliases(document)) say(alias.range?.[0], why)
  if (problems.length > 0) throw new ConfigError(problems)
  return { file, document, lines }
}

/** Keys that stand in their map already. */
function repeatedKeys(document: Document): readonly Scalar[] {
  const repeated: Scalar[] = []
  visit(document, {
    Map(_, { items }) {
      const known = new Set<string>()
      for (const { key } of items) {
        if (!isScalar(key)) continue
        // As a value it will be one key, quoted or not.
        const name = String(key.value)
        if (known.has(name)) repeated.push(key)
        known.add(name)
      }
    },
  })
  // Maps are visited before what stands in them.
  return repeated.sort((a, b) => (a.range?.[0] ?? 0) - (b.range?.[0] ?? 0))
}

/** Aliases that stand for nothing, or for something they are part of. */
function brokenAliases(document: Document) {
  const anchored = new Map<string, Node>()
  const broken: { readonly alias: Alias; readonly why: string }[] = []
  visit(document, {
    Value(_, node) {
      if (node.anchor !== undefined) anchored.set(node.anchor, node)
    },
    Alias(_, alias, above) {
      const meant = anchored.get(alias.source)
      if (meant === undefined) broken.push({ alias, why: BAD_ALIAS })
      else if (above.includes(meant))
        broken.push({ alias, why: 'an alias refers to a value that contains it' })
    },
  })
  return broken
}

/** The file's contents as plain values. Throws a ConfigError if a few aliases expand beyond memory. */
export function valuesOf({ file, document }: YamlFile): unknown {
  try {
    return document.toJS()
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error
    throw new ConfigError([
      { file, line: undefined, path: '', message: 'its aliases expand to far too many values' },
    ])
  }
}

/** The position of the key at `path`, or of its nearest ancestor that is written out. */
function positionOf(
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
  const position = positionOf(yaml, path)
  const column = position === undefined ? {} : { column: position.col }
  return { file: yaml.file, line: position?.line, ...column, path: formatPath(path), message }
}
