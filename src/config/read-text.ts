import { readFileSync } from 'node:fs'
import { ConfigError } from './config-error.ts'

const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'not readable: permission denied',
  EISDIR: 'a directory, not a file',
}

/** A file's text. Throws a ConfigError that says why there is none. */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    const message = UNREADABLE[code] ?? `not readable: ${code}`
    throw new ConfigError([{ file, line: undefined, path: '', message }])
  }
}
