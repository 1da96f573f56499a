import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..', '..', '..')

function git(...words: readonly string[]): string {
  return execFileSync('git', words, { cwd: ROOT, encoding: 'utf8' }).trim()
}

/** The commit before the one that last changed a file: what is opened by the version after it has to be brought up to date. */
export function commitBefore(file: string): string {
  return git('rev-parse', '--short', `${git('log', '-1', '--format=%H', '--', file)}^`)
}

/** The files of a commit in a folder, with the packages of this checkout. Answers the folder. */
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
