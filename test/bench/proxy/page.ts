import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const DOCS = join(import.meta.dirname, '..', '..', '..', 'docs')
const END = '<!-- up to here -->'

/** A chart in the folder of the page. */
export interface Drawing {
  readonly name: string
  readonly svg: string
}

/** Writes a command's latest figures into their place in `docs/performance.md`, and the chart beside it. */
export function writePage(command: string, figures: string, { name, svg }: Drawing): void {
  const file = join(DOCS, 'performance.md')
  const page = readFileSync(file, 'utf8')
  const mark = `<!-- ${command} writes what follows -->`
  const begin = page.indexOf(mark)
  const end = page.indexOf(END, begin)
  if (begin === -1 || end === -1) throw new Error(`${file} has no place for what ${command} writes`)
  writeFileSync(file, `${page.slice(0, begin)}${mark}\n\n${figures}\n${page.slice(end)}`)
  writeFileSync(join(DOCS, name), svg)
}

/** The commit being measured, with `+` if files differ from it. */
export function commit(): string {
  const git = (...words: string[]) => execFileSync('git', words, { cwd: DOCS, encoding: 'utf8' }).trim()
  try {
    const isChanged = git('status', '--porcelain', '--untracked-files=no', '--', '../src', '../config') !== ''
    return git('rev-parse', '--short', 'HEAD') + (isChanged ? '+' : '')
  } catch {
    return 'unknown'
  }
}
