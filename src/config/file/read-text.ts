import { readFileSync } from 'node:fs'
import { ConfigError } from './config-error.ts'

const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'not readable: permission denied',
  EISDIR: 'a directory, not a file',
}

/** A file that could not be read, whatever stands in it: that may pass without anybody changing it. */
export class UnreadableFile extends ConfigError {
  constructor(file: string, error: unknown) {
    super([{ file, line: undefined, path: '', message: whyUnreadable(error) }])
  }
}

/** A file's text. Throws an `UnreadableFile` that says why there is none. */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new UnreadableFile(file, error)
  }
}

/** Why a file could not be read, in words, from the error of the attempt. */
export function whyUnreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
  return UNREADABLE[code] ?? `not readable: ${code}`
}
