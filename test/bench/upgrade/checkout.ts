import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..', '..', '..')

function git(...words: readonly string[]): string {
  return execFileSync('git', words, { cwd: ROOT, encoding: 'utf8' }).trim()
}

/**
 * The commit before the last one to change a file: what it wrote must be migrated by the version after it.
 */
export function commitBefore(file: string): string {
  return git('rev-parse', '--short', `${git('log', '-1', '--format=%H', '--', file)}^`)
}

/** Extracts a commit's files into a folder, with the packages of this checkout. Returns the folder. */
export function checkOut(commit: string, into: string): string {
  const folder = join(into, commit)
  mkdirSync(folder)
  const packed = execFileSync('git', ['archive', commit, 'src', 'config', 'package.json'], {
    cwd: ROOT,
    maxBuffer: 2 ** 30,
  })
  execFileSync('tar', ['-x', '-C', folder], { input: packed })
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  return folder
}
