/** From this many UTF-16 units, or lines, on words may be more than what they stand in has room for. */
const MUCH = 900
const MANY_LINES = 12

/** Words that may have to be scrolled can be reached by Tab; fewer are no stop on the way. */
export function scrolled(text: string): { role?: string; 'aria-label'?: string; tabIndex?: number } {
  const isMuch = text.length > MUCH || text.split('\n').length > MANY_LINES
  return isMuch ? { role: 'region', 'aria-label': 'What was asked', tabIndex: 0 } : {}
}
