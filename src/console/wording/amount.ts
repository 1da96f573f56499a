/**
 * Dollars as typed, such as `1.5` or `0.05`; undefined unless it is a plain number above zero. A comma is refused
 * rather than guessed: `1,500` is a thousand here and one and a half there.
 */
export function dollarsIn(typed: string): number | undefined {
  const text = typed.trim().replace(/^\$\s*/, '')
  if (!/^(?:\d+\.?\d*|\.\d+)$/.test(text)) return undefined
  const dollars = Number(text)
  return dollars > 0 && Number.isFinite(dollars) ? dollars : undefined
}
