import { Document, isCollection, isMap, isScalar, type Pair, type YAMLSeq } from 'yaml'

/**
 * A configuration's text with one team's `keys` replaced. Only that entry is rewritten; every other line
 * keeps its comments and layout. The team must exist in the document.
 */
export function withKeys(document: Document, text: string, team: string, keys: YAMLSeq): string {
  // A comment after the list is not part of the replaced text and stays by itself.
  keys.comment = null
  const teams = document.get('teams')
  const teamPair = pairOf(teams, team)
  const teamMap = isMap(teamPair?.value) ? teamPair.value : undefined
  const keysPair = pairOf(teamMap, 'keys')
  if (teamMap === undefined) {
    return afterColon(text, teamPair, (indent) =>
      isMap(teams) && teams.flow === true
        ? ` { keys: ${flow(keys)} }`
        : `\n${indent}  ${block(keys, `${indent}  `)}`,
    )
  }
  if (teamMap.flow === true) {
    if (keysPair !== undefined) return afterColon(text, keysPair, () => ` ${flow(keys)}`)
    const brace = startOf(teamMap) + 1
    return splice(text, brace, brace, ` keys: ${flow(keys)}${teamMap.items.length > 0 ? ',' : ' '}`)
  }
  if (keysPair !== undefined) return afterColon(text, keysPair, (indent) => items(keys, indent))
  const first = startOf(teamMap)
  const indent = indentAt(text, first)
  return splice(text, first, first, `${block(keys, indent)}\n${indent}`)
}

function pairOf(node: unknown, name: string): Pair | undefined {
  return isMap(node) ? node.items.find(({ key }) => isScalar(key) && key.value === name) : undefined
}

/** Replaces a pair's value up to its last character; `made` gets the indentation of the pair's key. */
function afterColon(text: string, pair: Pair | undefined, made: (indent: string) => string): string {
  const start = startOf(pair?.key)
  const colon = text.indexOf(':', endOf(pair?.key)) + 1
  const end = Math.max(colon, endOf(pair?.value))
  const value = text.slice(colon, end)
  return splice(text, colon, colon + value.trimEnd().length, made(indentAt(text, start)))
}

function block(keys: YAMLSeq, indent: string): string {
  return `keys:${items(keys, indent)}`
}

function items(keys: YAMLSeq, indent: string): string {
  if (keys.items.length === 0) return ' []'
  keys.flow = false
  const lines = new Document(keys).toString({ lineWidth: 0 }).trimEnd().split('\n')
  return lines.map((line) => `\n${indent}  ${line}`).join('')
}

function flow(keys: YAMLSeq): string {
  keys.flow = true
  return new Document(keys)
    .toString({ lineWidth: 0 })
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ')
}

/** New lines end as those that are there. */
function splice(text: string, start: number, end: number, inserted: string): string {
  const lines = text.includes('\r\n') ? inserted.replaceAll('\n', '\r\n') : inserted
  return text.slice(0, start) + lines + text.slice(end)
}

function rangeOf(node: unknown): readonly [number, number] {
  const ranged = isScalar(node) || isCollection(node) ? node.range : undefined
  return [ranged?.[0] ?? 0, ranged?.[1] ?? 0]
}

function startOf(node: unknown): number {
  return rangeOf(node)[0]
}

function endOf(node: unknown): number {
  return rangeOf(node)[1]
}

/** As many spaces as precede a block key. */
function indentAt(text: string, offset: number): string {
  return ' '.repeat(offset - (text.lastIndexOf('\n', offset - 1) + 1))
}
