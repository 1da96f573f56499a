import { hash } from 'node:crypto'

/** A name for thoughts that are sealed for the model that had them, which clients may send back without their id. */
export function nameOfSealed(thoughts: string): string {
  return `sealed:${hash('sha256', thoughts, 'hex').slice(0, 32)}`
}
