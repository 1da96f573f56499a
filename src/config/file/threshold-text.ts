import { isMap, isScalar, parseDocument } from 'yaml'
import type { Thresholds } from '../../classifier/rule.ts'

/**
 * The text of the rules with these thresholds written into it; the rest of the text is unchanged. The text
 * must be valid YAML.
 */
export function writeThresholds(text: string, thresholds: Thresholds): string {
  const lines = Object.entries(thresholds).map(([name, value]) => `  ${name}: ${value}\n`)
  const written = `thresholds:\n${lines.join('')}`
  const { contents } = parseDocument(text)
  const pair = isMap(contents)
    ? contents.items.find(({ key }) => isScalar(key) && key.value === 'thresholds')
    : undefined
  const from = isScalar(pair?.key) ? pair.key.range?.[0] : undefined
  const value: unknown = pair?.value
  const to = isMap(value) || isScalar(value) ? value.range?.[1] : undefined
  if (from === undefined || to === undefined)
    return `${text}${text.endsWith('\n') || text === '' ? '' : '\n'}\n${written}`
  // A block ends after its last line, a flow mapping at its closing brace.
  const rest = text.slice(to)
  return `${text.slice(0, from)}${text[to - 1] === '\n' ? written : written.trimEnd()}${rest}`
}
