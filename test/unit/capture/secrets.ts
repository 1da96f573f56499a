import fc from 'fast-check'

/** A secret as somebody may write it, and the part of it that must not survive redaction. */
export interface Planted {
  readonly kind: 'email' | 'phone' | 'key' | 'card' | 'iban' | 'ip'
  readonly written: string
  /** The characters without which the rest reveals nothing. */
  readonly core: string
}

const digit = fc.integer({ min: 0, max: 9 }).map(String)
const digits = (length: number) =>
  fc.array(digit, { minLength: length, maxLength: length }).map((all) => all.join(''))
const word = (letters: string, minLength: number, maxLength: number) =>
  fc.array(fc.constantFrom(...letters), { minLength, maxLength }).map((all) => all.join(''))

const SMALL = 'abcdefghijklmnopqrstuvwxyz'
const CAPITALS = SMALL.toUpperCase()
const ALPHANUMERIC = `${SMALL}${CAPITALS}0123456789`

const email = fc
  .tuple(
    word(SMALL, 3, 12),
    fc.constantFrom('', '.x', '+tag', '_1'),
    fc.constantFrom('@', '＠', '%40'),
    word(SMALL, 3, 10),
    fc.constantFrom('.com', '.co.uk', '.de', '.中国'),
  )
  .map(([name, more, at, host, end]): Planted => {
    return { kind: 'email', written: `${name}${more}${at}${host}${end}`, core: `${name}${more}${at}` }
  })

/** The digit that makes a number pass Luhn's check. */
function checkDigit(body: string): string {
  for (let last = 0; last < 10; last += 1) {
    const sum = [...`${body}${last}`].reverse().reduce((total, each, place) => {
      const value = Number(each) * (place % 2 === 0 ? 1 : 2)
      return total + (value > 9 ? value - 9 : value)
    }, 0)
    if (sum % 10 === 0) return String(last)
  }
  return ''
}

const card = fc
  .tuple(
    fc.constantFrom('4', '51', '34', '6011'),
    digits(15),
    fc.constantFrom('', ' ', '-', '\u00a0'),
    fc.boolean(),
  )
  .map(([start, rest, mark, wide]): Planted => {
    const length = start === '34' ? 15 : 16
    const body = `${start}${rest}`.slice(0, length - 1)
    const number = body + checkDigit(body)
    const groups =
      length === 15 ? [number.slice(0, 4), number.slice(4, 10), number.slice(10)] : number.match(/.{4}/g)
    const written = (groups ?? []).join(mark)
    return {
      kind: 'card',
      written: wide ? inFullWidth(written) : written,
      core: wide ? inFullWidth(number.slice(6, 12)) : number.slice(6, 12),
    }
  })

/** Digits as Chinese and Japanese keyboards write them. */
function inFullWidth(text: string): string {
  return text.replace(/\d/g, (each) => String.fromCharCode(0xff10 + Number(each)))
}

function ibanOf(country: string, account: string): string {
  const spelt = [...`${account}${country}00`].map((char) => Number.parseInt(char, 36)).join('')
  return `${country}${String(98n - (BigInt(spelt) % 97n)).padStart(2, '0')}${account}`
}

const iban = fc
  .tuple(
    fc.constantFrom<[string, string, number]>(['DE', '', 18], ['GB', 'WEST', 14], ['FR', '', 23]),
    digits(23),
    fc.boolean(),
  )
  .map(([[country, bank, length], rest, grouped]): Planted => {
    const number = ibanOf(country, `${bank}${rest.slice(0, length)}`)
    return {
      kind: 'iban',
      written: grouped ? (number.match(/.{1,4}/g) ?? []).join(' ') : number,
      core: number.slice(-6, -1),
    }
  })

const phone = fc
  .tuple(
    fc.constantFrom(
      '+49 170 NNNNNNN',
      '+1 (415) NNN-NNNN',
      '(415) NNN-NNNN',
      '415-NNN-NNNN',
      '+33 6 NN NN NN NN',
      '06 NN NN NN NN',
      '0033 6 NN NN NN NN',
      '138NNNNNNNN',
      '138-NNNN-NNNN',
      '+86 138 NNNN NNNN',
      '030/NNNNNNN',
      'phone: 612 NNN NNN',
      '98765 NNNNN',
    ),
    digits(12),
  )
  .map(([shape, drawn]): Planted => {
    let used = 0
    const written = shape.replace(/N/g, () => drawn.charAt(used++))
    return { kind: 'phone', written, core: written.slice(-4) }
  })

const key = fc
  .tuple(
    fc.constantFrom(
      'sk-',
      'sk-proj-',
      'sk-trivium-',
      'sk_live_',
      'ghp_',
      'github_pat_',
      'glpat-',
      'xoxb-',
      'hf_',
      'npm_',
      'AIza',
      'password: ',
      'api_key=',
      'Authorization: Bearer ',
      'https://user:',
      '',
    ),
    word(ALPHANUMERIC, 40, 48).filter((drawn) => /\d/.test(drawn) && !/[a-z]{9}|[A-Z]{9}/.test(drawn)),
  )
  .map(([start, drawn]): Planted => {
    return {
      kind: 'key',
      written: `${start}${drawn}${start === 'https://user:' ? '@host.example' : ''}`,
      core: drawn.slice(0, 12),
    }
  })

const octet = fc.integer({ min: 0, max: 255 })
const ip = fc.oneof(
  fc.tuple(octet, octet, octet, octet).map((parts) => parts.join('.')),
  fc.array(word('0123456789abcdef', 4, 4), { minLength: 8, maxLength: 8 }).map((parts) => parts.join(':')),
  word('0123456789abcdef', 4, 4).map((end) => `2001:db8::${end}`),
)

/** Secrets of every kind, in their most common spellings. */
export const secrets: fc.Arbitrary<Planted> = fc.oneof(
  email,
  card,
  iban,
  phone,
  key,
  ip.map((written): Planted => ({ kind: 'ip', written, core: written })),
)

/** Ordinary text to put in front of a secret. */
export const words: fc.Arbitrary<string> = fc.constantFrom(
  'Please write to ',
  'Solve 3x + 4 = 19; ',
  '请联系：',
  'Mon adresse est « ',
  'line one\n',
  '{"value": "',
  'a (',
  'x=',
  '',
)
