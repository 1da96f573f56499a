const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** Characters that a terminal draws two columns wide: East Asian wide and fullwidth ones, and emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\p{Emoji_Presentation}\u{20000}-\u{3fffd}]|\ufe0f/u

/**
 * The number of terminal columns a text takes. Control characters and standalone combining marks take none.
 */
export function widthOf(text: string): number {
  let width = 0
  for (const { segment } of GRAPHEMES.segment(text)) width += widthOfGrapheme(segment)
  return width
}

function widthOfGrapheme(grapheme: string): number {
  if (/^[\p{Control}\p{Mark}\p{Default_Ignorable_Code_Point}]+$/u.test(grapheme)) return 0
  return WIDE.test(grapheme) ? 2 : 1
}

/**
 * The text in exactly `width` columns: padded with spaces, or truncated with an ellipsis. Control characters
 * become spaces.
 */
export function fit(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const line = cut(text.replace(/\p{Control}+/gu, ' '), width)
  const blanks = ' '.repeat(width - widthOf(line))
  return align === 'left' ? line + blanks : blanks + line
}

/** Wraps a text at `width` columns; a longer word gets its own line. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line === '' || widthOf(longer) <= width) line = longer
    else {
      lines.push(line)
      line = word
    }
  }
  return [...lines, line]
}

function cut(line: string, width: number): string {
  if (widthOf(line) <= width) return line
  let kept = ''
  let room = width - 1
  for (const { segment } of GRAPHEMES.segment(line)) {
    room -= widthOfGrapheme(segment)
    if (room < 0) break
    kept += segment
  }
  return `${kept}…`
}
