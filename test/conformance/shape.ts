/**
 * An answer without its words: keys and types stay, and of arrays the different shapes of their elements. Two upstreams
 * that answer alike have the same shape, whatever they say.
 */
export function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return [...new Set(value.map((each) => JSON.stringify(shapeOf(each))))].sort()
  if (value === null || typeof value !== 'object') return value === null ? 'null' : typeof value
  const entries = Object.entries(value).filter(([key]) => !key.startsWith('_'))
  return Object.fromEntries(entries.sort().map(([key, each]) => [key, shapeOf(each)]))
}
