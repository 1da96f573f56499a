import { readFileSync } from 'node:fs'
import { ConfigError } from './config-error.ts'

const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'not readable: permission denied',
  EISDIR: 'a directory, not a file',
}

/**
 * A file that could not be read, whatever its contents: the cause may go away without anyone editing the
 * file.
 */
export class UnreadableFile extends ConfigError {
  constructor(file: string, error: unknown) {
    super([{ file, line: undefined, path: '', message: whyUnreadable(error) }])
  }
}

/** A file's text. Throws an `UnreadableFile` that says why it cannot be read. */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new UnreadableFile(file, error)
  }
}

/** Describes why a file could not be read, given the error of the attempt. */
export function whyUnreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
  return UNREADABLE[code] ?? `not readable: ${code}`
}
