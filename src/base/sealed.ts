import { hash } from 'node:crypto'

/** A digest of encrypted reasoning, which clients may send back without its id. */
export function nameOfSealed(thoughts: string): string {
  return `sealed:${hash('sha256', thoughts, 'hex').slice(0, 32)}`
}
