import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { RuleBook } from '../classifier/rule.ts'
import { fileAside } from '../tuning/durable-file.ts'
import { adopt, type CompiledBook, compileBook, decodeBook, encodeBook, keyOf } from './compiled-book.ts'

/** Books that are remembered: what is live, what judges beside it, and what was before. */
const REMEMBERED = 4
/** Files that are kept, the latest used: about a megabyte each. */
const KEPT = 12

/**
 * Rule books that were checked and compiled before, by the text they were read from: in memory, and in a folder that
 * outlives the process. The folder is only a help: where it cannot be read or written, rules are compiled once more.
 */
export class RuleShelf {
  /** Beside the candidates. */
  readonly folder: string
  readonly #books = new Map<string, RuleBook>()

  constructor(candidates: string) {
    this.folder = join(candidates, 'compiled')
  }

  find(text: string): RuleBook | undefined {
    const key = keyOf(text)
    const known = this.#books.get(key)
    if (known !== undefined) return known
    const compiled = readFrom(this.#fileOf(key))
    return compiled && this.#remember(key, adopt(compiled))
  }

  /** Keeps a book that was checked, compiled, under its text. Throws a `PatternError`. */
  put(text: string, book: RuleBook): void {
    const key = keyOf(text)
    const compiled = compileBook(book)
    this.#remember(key, book)
    this.#write(key, compiled)
  }

  /** Takes over what another thread has compiled. */
  adopt(text: string, compiled: CompiledBook): void {
    this.#remember(keyOf(text), adopt(compiled))
  }

  #remember(key: string, book: RuleBook): RuleBook {
    this.#books.set(key, book)
    for (const oldest of this.#books.keys()) {
      if (this.#books.size <= REMEMBERED) break
      this.#books.delete(oldest)
    }
    return book
  }

  #write(key: string, compiled: CompiledBook): void {
    // A command that only looks makes no place for data where there is none.
    if (!existsSync(dirname(dirname(this.folder)))) return
    try {
      mkdirSync(this.folder, { recursive: true })
      renameSync(fileAside(this.folder, encodeBook(compiled)), this.#fileOf(key))
      this.#clear()
    } catch {
      // Read-only, or full: the next start compiles once more.
    }
  }

  #clear(): void {
    const files = readdirSync(this.folder).map((name) => join(this.folder, name))
    const byUse = files.map((file) => ({ file, at: statSync(file).mtimeMs })).sort((a, b) => b.at - a.at)
    for (const { file } of byUse.slice(KEPT)) rmSync(file, { force: true })
  }

  #fileOf(key: string): string {
    return join(this.folder, `${key}.bin`)
  }
}

function readFrom(file: string): CompiledBook | undefined {
  try {
    const compiled = decodeBook(readFileSync(file))
    if (compiled !== undefined) touch(file)
    return compiled
  } catch {
    return undefined
  }
}

/** Used now: it is the last to be cleared away. */
function touch(file: string): void {
  try {
    const now = new Date()
    utimesSync(file, now, now)
  } catch {
    // Of a folder that cannot be written to nothing is cleared away either.
  }
}
