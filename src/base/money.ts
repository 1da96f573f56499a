/**
 * Money in integer nano-dollars (1e-9 USD). A JavaScript number is exact up to 9,007,199 USD in this unit,
 * which is why no budget above `MOST` is accepted.
 */
export type NanoUsd = number & { readonly unit: 'NanoUsd' }

const NANO_PER_USD = 1_000_000_000

/** The largest sum that stays exact: about nine million dollars. */
export const MOST = Number.MAX_SAFE_INTEGER as NanoUsd

export const ZERO = 0 as NanoUsd

/** Brands an integer of nano-dollars. Throws a RangeError on fractions and on sums too large to be exact. */
export function nanoUsd(amount: number): NanoUsd {
  if (!Number.isSafeInteger(amount)) throw new RangeError(`not an exact number of nano-dollars: ${amount}`)
  return amount as NanoUsd
}

/** Converts dollars as people write them (`500`, `0.25`) to the nearest nano-dollar. */
export function fromUsd(usd: number): NanoUsd {
  return nanoUsd(Math.round(usd * NANO_PER_USD))
}

/** Nano-dollars as dollars, for display and JSON only; never for arithmetic. */
export function toUsd(amount: NanoUsd): number {
  return amount / NANO_PER_USD
}

/** Throws a RangeError if the sum is too large to be exact. */
export function add(a: NanoUsd, b: NanoUsd): NanoUsd {
  return nanoUsd(a + b)
}

/** May be negative. Throws a RangeError if the difference is too large to be exact. */
export function subtract(a: NanoUsd, b: NanoUsd): NanoUsd {
  return nanoUsd(a - b)
}

/** The smaller of two amounts. */
export function least(a: NanoUsd, b: NanoUsd): NanoUsd {
  return a < b ? a : b
}

/** The larger of two amounts. */
export function most(a: NanoUsd, b: NanoUsd): NanoUsd {
  return a > b ? a : b
}

/** Exact decimal text with nine places, as used in response headers: `0.001234500`. */
export function formatUsd(amount: NanoUsd): string {
  const sign = amount < 0 ? '-' : ''
  const digits = Math.abs(amount).toString().padStart(10, '0')
  return `${sign}${digits.slice(0, -9)}.${digits.slice(-9)}`
}

/** The same for sentences people read: exact, with two places or as many as it takes: `40.00`, `0.0012345`. */
export function plainUsd(amount: NanoUsd): string {
  return formatUsd(amount).replace(/0{1,7}$/, '')
}
