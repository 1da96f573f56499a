/** `12,345` */
export function count(number: number): string {
  return number.toLocaleString('en-US')
}

/** `1 request`, `12,345 requests` */
export function counted(number: number, one: string, many = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : many}`
}

/** A non-breaking space keeps a figure and its sign on one line. */
const PER_CENT = '\u00a0%'

/** A share between 0 and 1: `93.4 %`. */
export function percent(share: number, places = 0): string {
  return `${(100 * share).toFixed(places)}${PER_CENT}`
}

/** A difference of shares, with its sign: `+1.8`. */
export function points(difference: number): string {
  const rounded = (100 * Math.abs(difference)).toFixed(1)
  if (rounded === '0.0') return '0.0'
  return `${difference < 0 ? '−' : '+'}${rounded}`
}

/** For axes: `950`, `12k`, `3.4M`. */
export function compact(number: number): string {
  return number.toLocaleString('en-US', { notation: 'compact', maximumFractionDigits: 1 }).replace('K', 'k')
}

/** A verdict's confidence, rounded down so that only certainty shows as 100 %: `99.9 %`. */
export function sureness(confidence: number): string {
  return `${(Math.floor(confidence * 1000) / 10).toFixed(1)}${PER_CENT}`
}
