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
import { LRUCache } from 'lru-cache'
import type { RuleBook } from '../classifier/rule.ts'
import { fileAside } from '../tuning/durable-file.ts'
import { adopt, type CompiledBook, compileBook, decodeBook, encodeBook, keyOf } from './compiled-book.ts'

/** Books kept in memory, most recently used first: the live one, the shadow, and previous ones. */
const REMEMBERED = 4
/** Files kept, most recently used first: about a megabyte each. */
const KEPT = 12

/**
 * Rule books that have been checked and compiled before, by source text: in memory, and in a folder that
 * outlives the process. The folder is only a cache: if it cannot be read or written, rules are compiled
 * again.
 */
export class RuleShelf {
  /** Beside the candidates. */
  readonly #folder: string | undefined
  readonly #books = new LRUCache<string, RuleBook>({ max: REMEMBERED })

  /** `candidates`: their folder; without it, books are kept in memory only. */
  constructor(candidates?: string) {
    this.#folder = candidates === undefined ? undefined : join(candidates, 'compiled')
  }

  find(text: string): RuleBook | undefined {
    const key = keyOf(text)
    const known = this.#books.get(key)
    if (known !== undefined) return known
    const compiled = this.#folder === undefined ? undefined : readFrom(fileOf(this.#folder, key))
    return compiled && this.#remember(key, adopt(compiled))
  }

  /** Compiles a checked book and stores it under its text. Throws a `PatternError`. */
  put(text: string, book: RuleBook): void {
    const key = keyOf(text)
    const compiled = compileBook(book)
    this.#remember(key, book)
    this.#write(key, compiled)
  }

  /** Takes over a book compiled by another thread. */
  adopt(text: string, compiled: CompiledBook): void {
    this.#remember(keyOf(text), adopt(compiled))
  }

  #remember(key: string, book: RuleBook): RuleBook {
    this.#books.set(key, book)
    return book
  }

  #write(key: string, compiled: CompiledBook): void {
    // A read-only command must not create a data directory.
    const folder = this.#folder
    if (folder === undefined || !existsSync(dirname(dirname(folder)))) return
    try {
      mkdirSync(folder, { recursive: true })
      renameSync(fileAside(folder, encodeBook(compiled)), fileOf(folder, key))
      evictOldest(folder)
    } catch {
      // The folder is read-only or full: the next start compiles again.
    }
  }
}

function fileOf(folder: string, key: string): string {
  return join(folder, `${key}.bin`)
}

function evictOldest(folder: string): void {
  const files = readdirSync(folder).map((name) => join(folder, name))
  const byUse = files.map((file) => ({ file, at: statSync(file).mtimeMs })).sort((a, b) => b.at - a.at)
  for (const { file } of byUse.slice(KEPT)) rmSync(file, { force: true })
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

/** Marks a file as just used, so that it is evicted last. */
function touch(file: string): void {
  try {
    const now = new Date()
    utimesSync(file, now, now)
  } catch {
    // If the folder is not writable, nothing is evicted from it either.
  }
}
