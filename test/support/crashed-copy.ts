import { copyFileSync, existsSync } from 'node:fs'

/** Copies a store's files as they are now: what a process killed at this moment would leave behind. */
export function crashedCopy(from: string, to: string): string {
  for (const part of ['', '-wal']) if (existsSync(from + part)) copyFileSync(from + part, to + part)
  return to
}
