/** Converts a row's nano-dollars to dollars. */
export function usdOfNano(nano: number): number {
  return nano / 1e9
}

/** Dollars for display: two decimals, more where two would show nothing. `$1,204.50`, `$0.0042`, `$0`. */
export function usd(dollars: number): string {
  if (dollars === 0) return '$0'
  const size = Math.abs(dollars)
  const places = decimalsFor(size)
  const written = size.toLocaleString('en-US', {
    minimumFractionDigits: places,
    maximumFractionDigits: places,
  })
  return `${dollars < 0 ? '−' : ''}$${written}`
}

/** Enough for two digits that are not zero. A ledger has nine decimals at the most. */
function decimalsFor(size: number): number {
  if (size >= 0.995) return 2
  return size < 1e-7 ? 9 : Math.min(9, Math.max(2, 1 - Math.floor(Math.log10(size))))
}

/** With its sign, for differences. */
export function signedUsd(dollars: number): string {
  return dollars > 0 ? `+${usd(dollars)}` : usd(dollars)
}

/** For axes, where ticks are round numbers: `$0.0005`, `$1.50`, `$12`, `$3.4k`. */
export function axisUsd(dollars: number): string {
  const isCents =
    dollars < 1000 && Number.isInteger(Math.round(dollars * 1e8) / 1e6) && !Number.isInteger(dollars)
  if (isCents) return `$${dollars.toFixed(2)}`
  const size = dollars.toLocaleString('en-US', { notation: 'compact', maximumSignificantDigits: 3 })
  return `$${size.replace('K', 'k')}`
}

/** With a fixed number of decimals, for columns: `$0.001019`. */
export function usdPlaces(dollars: number, places: number): string {
  const written = Math.abs(dollars).toLocaleString('en-US', {
    minimumFractionDigits: places,
    maximumFractionDigits: places,
  })
  return `${dollars < 0 ? '−' : ''}$${written}`
}
