import { copyFileSync, existsSync } from 'node:fs'

/** Copies what the files of a store hold at this moment: what a process killed now would leave. */
export function crashedCopy(from: string, to: string): string {
  for (const part of ['', '-wal']) if (existsSync(from + part)) copyFileSync(from + part, to + part)
  return to
}
