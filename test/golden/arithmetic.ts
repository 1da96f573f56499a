/**
 * What a comment's sum comes to: products of numbers and of sums in brackets, added up, as in `(2,006 −
 * 1,920) × 2,500 + 300 × 10,000`. Throws a RangeError on anything else. Whole and half figures below 2^52 are
 * exact.
 */
export function amountOf(sum: string): number {
  return sumOf(sum.replaceAll(',', '').trim())
}

function sumOf(text: string): number {
  const terms = splitOutside(text, ' + ')
  return terms.reduce((total, term) => total + productOf(term), 0)
}

function productOf(text: string): number {
  return text
    .split(' × ')
    .map(factorOf)
    .reduce((product, factor) => product * factor)
}

function factorOf(text: string): number {
  const inner = /^\((.*)\)$/.exec(text)?.[1]
  if (inner !== undefined) return differenceOf(inner)
  if (!/^\d+(\.\d+)?$/.test(text)) throw new RangeError(`no number: "${text}"`)
  return Number(text)
}

/** `a − b − c` or `a + b − c`. */
function differenceOf(text: string): number {
  const added = text.replaceAll(' − ', ' + −').split(' + ')
  return added.reduce(
    (total, part) => (part.startsWith('−') ? total - factorOf(part.slice(1)) : total + factorOf(part)),
    0,
  )
}

/** Splits where no bracket is open. */
function splitOutside(text: string, separator: string): string[] {
  const pieces: string[] = []
  let piece = ''
  for (const next of text.split(separator)) {
    piece = piece === '' ? next : `${piece}${separator}${next}`
    if (piece.split('(').length !== piece.split(')').length) continue
    pieces.push(piece)
    piece = ''
  }
  if (piece !== '') throw new RangeError(`an open bracket: "${piece}"`)
  return pieces
}
