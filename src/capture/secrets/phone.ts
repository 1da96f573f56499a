import { type Group, type NumberRun, numberRuns } from './number-run.ts'
import type { Secret } from './secret.ts'

/** Digits of a number including its country code (E.164). */
const MOST_DIGITS = 15
const LEAST_DIGITS = 7

/** Group sizes that only telephone numbers have. */
const SHAPES = new Set(['3-3-4', '1-3-3-4', '3-7', '3-4-4', '5-5', '4-3-3', '2-4-4', '1-2-2-2-2'])

/** Words that announce a number, however it is written. */
const ANNOUNCED =
  /(?:phone|mobile|cell|tel|fax|whatsapp|call|text me|sms|téléphone|portable|handy|telefon|móvil|teléfono|cellulare|电话|手机|電話|携帯|전화)[^\p{L}\p{N}]{0,3}(?:\p{L}{1,8}[^\p{L}\p{N}]{1,2}){0,3}$/iu
const LOOKED_BACK = 40

/** Telephone numbers: with a country code, a trunk zero, a distinctive grouping, or an announcement. */
export function* findPhones(text: string): Generator<Secret> {
  for (const run of numberRuns(text)) {
    const last = run.groups.at(reachOf(run.groups) - 1)
    if (last !== undefined && isPhone(text, run)) yield { start: run.start, end: last.end, mark: 'phone' }
  }
}

/** How many groups a number can have at most. */
function reachOf(groups: readonly Group[]): number {
  let digits = 0
  const end = groups.findIndex((group) => {
    digits += group.digits.length
    return digits > MOST_DIGITS
  })
  return end === -1 ? groups.length : Math.max(1, end)
}

function isPhone(text: string, { start, groups, plus }: NumberRun): boolean {
  const reached = groups.slice(0, reachOf(groups))
  const digits = reached.map((group) => group.digits).join('')
  if (digits.length < LEAST_DIGITS || digits.length > MOST_DIGITS) return false
  const before = text.charAt(start - 1)
  if (plus) return !/[\p{L}\p{N})]/u.test(before)
  if (/^00[1-9]/.test(digits)) return digits.length >= 9
  const [first = ''] = reached.map((group) => group.digits)
  if (first.startsWith('0') && first.length > 1) return digits.length >= 9 && digits.length <= 12
  if (/^1[3-9]\d{9}$/.test(digits) && reached.length === 1) return !/[.,\d]/.test(before)
  if (SHAPES.has(reached.map((group) => group.digits.length).join('-'))) return true
  return ANNOUNCED.test(text.slice(Math.max(0, start - LOOKED_BACK), start))
}
