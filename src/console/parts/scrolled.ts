/** From this many UTF-16 units, or lines, text may overflow its box. */
const MUCH = 900
const MANY_LINES = 12

/** Makes text that may need scrolling focusable with Tab; shorter text is not a tab stop. */
export function scrolled(text: string): { role?: string; 'aria-label'?: string; tabIndex?: number } {
  const isMuch = text.length > MUCH || text.split('\n').length > MANY_LINES
  return isMuch ? { role: 'region', 'aria-label': 'What was asked', tabIndex: 0 } : {}
}
