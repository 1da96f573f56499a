import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const DOCS = join(import.meta.dirname, '..', '..', '..', 'docs')
const BEGIN = '<!-- npm run bench writes what follows -->'
const END = '<!-- up to here -->'

/** Puts the newest figures into `docs/performance.md`, and the chart beside it. */
export function writePage(figures: string, chart: string): void {
  const file = join(DOCS, 'performance.md')
  const page = readFileSync(file, 'utf8')
  const begin = page.indexOf(BEGIN)
  const end = page.indexOf(END)
  if (begin === -1 || end < begin) throw new Error(`${file} has no place for figures between its two marks`)
  writeFileSync(file, `${page.slice(0, begin)}${BEGIN}\n\n${figures}\n${page.slice(end)}`)
  writeFileSync(join(DOCS, 'performance.svg'), chart)
}

/** The commit that is measured; `+` where files differ from it. */
export function commit(): string {
  const git = (...words: string[]) => execFileSync('git', words, { cwd: DOCS, encoding: 'utf8' }).trim()
  try {
    const isChanged = git('status', '--porcelain', '--untracked-files=no', '--', '../src', '../config') !== ''
    return git('rev-parse', '--short', 'HEAD') + (isChanged ? '+' : '')
  } catch {
    return 'unknown'
  }
}
