import { type Group, numberRuns } from './number-run.ts'
import type { Secret } from './secret.ts'

const SHORTEST = 13
const LONGEST = 19

/** Payment card numbers with a valid check digit (Luhn), in one group or grouped as on cards. */
export function* findCards(text: string): Generator<Secret> {
  for (const { groups } of numberRuns(text, 'lines')) {
    let next = 0
    while (next < groups.length) {
      const count = cardAt(text, groups, next)
      const [first, last] = [groups[next], groups[next + count - 1]]
      if (count > 0 && first !== undefined && last !== undefined)
        yield { start: first.start, end: last.end, mark: 'card' }
      next += Math.max(1, count)
    }
  }
}

/** How many groups from there form a card number; 0 if none do. */
function cardAt(text: string, groups: readonly Group[], from: number): number {
  let digits = ''
  let longest = 0
  for (let count = 1; digits.length < LONGEST; count += 1) {
    const group = groups[from + count - 1]
    if (group === undefined || !fits(group, count)) break
    digits += group.digits
    if (count === 1 && digits.length !== 4 && digits.length < SHORTEST) break
    if (digits.length < SHORTEST || digits.length > LONGEST || !isChecked(digits)) continue
    const between = text.slice(groups[from]?.start, group.start)
    if (!between.includes('\n') || isBrokenCard(digits, between)) longest = count
  }
  return longest
}

/** Four digits first, then groups of two to seven: 4-4-4-4, 4-6-5. */
function fits({ digits }: Group, index: number): boolean {
  return index === 1 || (digits.length >= 2 && digits.length <= 7)
}

/** Columns of numbers are no cards: a card number breaks at most once and starts with an issuer's prefix. */
function isBrokenCard(digits: string, between: string): boolean {
  return (
    /^(?:4|5[1-5]|2[2-7]|3[4-7]|6)\d{14}/.test(digits) && between.indexOf('\n') === between.lastIndexOf('\n')
  )
}

function isChecked(digits: string): boolean {
  let sum = 0
  for (let back = 0; back < digits.length; back += 1) {
    const digit = Number(digits.charAt(digits.length - 1 - back)) * (back % 2 === 0 ? 1 : 2)
    sum += digit > 9 ? digit - 9 : digit
  }
  return sum % 10 === 0 && !/^0+$/.test(digits)
}
