import type { Secret } from './secret.ts'

const V4 = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?!\.?\d)/g
/** At least two colons; whether it is an address is checked afterwards. */
const V6 = /(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){2,7}(?:[0-9A-Fa-f]{1,4})?(?![\w:])/g

/** IP addresses. */
export function* findIps(text: string): Generator<Secret> {
  for (const { 0: address, index } of text.matchAll(V4)) {
    if (address.split('.').every((part) => Number(part) < 256)) yield ipAt(index, address)
  }
  for (const { 0: address, index } of text.matchAll(V6)) {
    const groups = address.split(':').filter((group) => group !== '').length
    if (address.includes('::') ? groups > 1 && groups < 8 : groups === 8) yield ipAt(index, address)
  }
}

function ipAt(start: number, address: string): Secret {
  return { start, end: start + address.length, mark: 'ip' }
}
