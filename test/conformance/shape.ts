/**
 * An answer without its values: keys and types stay, and for arrays the distinct shapes of their elements.
 * Two upstreams that answer in the same form have the same shape, whatever they say.
 */
export function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return [...new Set(value.map((each) => JSON.stringify(shapeOf(each))))].sort()
  if (value === null || typeof value !== 'object') return value === null ? 'null' : typeof value
  const entries = Object.entries(value).filter(([key]) => !key.startsWith('_'))
  return Object.fromEntries(entries.sort().map(([key, each]) => [key, shapeOf(each)]))
}
