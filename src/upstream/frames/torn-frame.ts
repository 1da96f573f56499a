import { dataIn } from './event-data.ts'

/**
 * Ends a stream that broke mid-frame so that the OpenAI clients raise the error. They throw an APIError for a
 * frame whose JSON has a truthy `error`, but a SyntaxError for half a frame. What the client already has
 * cannot be taken back, so the half frame is completed to JSON that carries the error.
 */
export function endTornStream(torn: Buffer, error: object): string {
  const errorJson = JSON.stringify(error)
  const frame = `data: {"error":${errorJson}}\n\n`
  if (torn.length === 0) return frame
  const lines = torn.toString('utf8').split('\n')
  const line = lines.at(-1) ?? ''
  const before = dataIn(lines.slice(0, -1))
  const begun = beginningAfter(line)
  const json = [...before, ...dataIn([line])].join(' ').trimStart()
  // The event has a name but no data yet; a blank line now would end an event without data.
  if (json === '') return `${begun}{"error":${errorJson}}\n\n`
  const completion = json.startsWith('{') ? completeObject(json, `"error":${errorJson}`) : ''
  if (completion !== '') return `${begun}${completion}\n\n`
  return line === '' ? `\n${frame}` : `\n\n${frame}`
}

/** What makes a data line of the last line, or begins one after it. */
function beginningAfter(line: string): string {
  const prefix = 'data: '
  // If a data line has just begun, or nothing of it has arrived, it continues the data lines before it.
  if (prefix.startsWith(line)) return prefix.slice(line.length)
  return line.startsWith('data:') ? '' : `\n${prefix}`
}

/** Whether a frame lacks nothing but the blank line after it. */
export function isWholeFrame(frame: Buffer): boolean {
  const lines = frame
    .toString('utf8')
    .trimEnd()
    .split(/\r\n|\r|\n/)
  if (!lines.at(-1)?.startsWith('data:')) return false
  const data = dataIn(lines).join(' ').trim()
  if (data === '[DONE]') return true
  try {
    JSON.parse(data)
    return data.startsWith('{')
  } catch {
    return false
  }
}

/** The parser's position in one open object or array. */
interface Level {
  readonly kind: '{' | '['
  expects: 'first' | 'key' | 'colon' | 'value' | 'comma'
}

/**
 * What to append to the beginning of a JSON object to complete it, with `member` as its last member. `json`
 * must be a prefix of a valid JSON object; otherwise the result is meaningless text. Empty for a complete
 * object.
 */
export function completeObject(json: string, member: string): string {
  const levels: Level[] = []
  let at = 0
  while (at < json.length) {
    const char = json.charAt(at)
    const level = levels.at(-1)
    if (char === '"') {
      const close = endOfString(json, at)
      if (close === -1) return closeString(json, at) + closeLevels(afterToken(levels), member)
      at = close
      afterToken(levels)
    } else if (char === '{' || char === '[') {
      levels.push({ kind: char, expects: 'first' })
    } else if (char === '}' || char === ']') {
      levels.pop()
      if (levels.length === 0) return ''
      afterToken(levels)
    } else if (char === ':' && level !== undefined) {
      level.expects = 'value'
    } else if (char === ',' && level !== undefined) {
      level.expects = level.kind === '{' ? 'key' : 'value'
    } else if (/\S/.test(char)) {
      const literal = /^[^\s,\]}]*/.exec(json.slice(at))?.[0] ?? char
      at += literal.length - 1
      afterToken(levels)
      if (at === json.length - 1) return closeLiteral(literal) + closeLevels(levels, member)
    }
    at += 1
  }
  return closeLevels(levels, member)
}

/** A string or literal has ended: after a key expect a colon, after a value a comma. */
function afterToken(levels: Level[]): Level[] {
  const level = levels.at(-1)
  if (level !== undefined) {
    const isKey = level.kind === '{' && (level.expects === 'first' || level.expects === 'key')
    level.expects = isKey ? 'colon' : 'comma'
  }
  return levels
}

/** The index of the closing quote, or -1. */
function endOfString(json: string, open: number): number {
  for (let at = open + 1; at < json.length; at += 1) {
    const char = json.charAt(at)
    if (char === '\\') at += 1
    else if (char === '"') return at
  }
  return -1
}

function closeString(json: string, open: number): string {
  const inside = json.slice(open + 1)
  const broken = /(?:^|[^\\])(?:\\\\)*(\\(?:u[0-9a-fA-F]{0,3})?)$/.exec(inside)?.[1]
  if (broken === undefined) return '"'
  if (broken === '\\') return '\\"'
  return `${'0'.repeat(6 - broken.length)}"`
}

function closeLiteral(literal: string): string {
  for (const word of ['true', 'false', 'null']) {
    if (word.startsWith(literal)) return word.slice(literal.length)
  }
  return /[-+.eE]$/.test(literal) ? '0' : ''
}

const MISSING = { first: '', key: '"":null', colon: ':null', value: 'null', comma: '' } as const

function closeLevels(levels: readonly Level[], member: string): string {
  let text = ''
  for (let depth = levels.length - 1; depth > 0; depth -= 1) {
    const level = levels[depth]
    if (level !== undefined) text += MISSING[open(levels, depth)] + (level.kind === '{' ? '}' : ']')
  }
  const lead = { first: '', key: '', colon: ':null,', value: 'null,', comma: ',' }[open(levels, 0)]
  return `${text}${lead}${member}}`
}

/** What a level expects once everything inside it is closed: only the innermost may be incomplete. */
function open(levels: readonly Level[], depth: number): Level['expects'] {
  return depth === levels.length - 1 ? (levels[depth]?.expects ?? 'first') : 'comma'
}
