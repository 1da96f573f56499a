import { randomUUID } from 'node:crypto'
import { chmodSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** A file written beside its target, which it replaces only once complete. */
export interface Draft {
  /** Where to write. */
  readonly path: string
  /** Atomically replaces the target; links to it and its mode are preserved. */
  keep(): void
  discard(): void
}

/** Pipes and devices are written directly: they hold nothing to preserve. */
export function draftOf(file: string): Draft {
  const known = statSync(file, { throwIfNoEntry: false })
  if (known?.isFile() === false) return { path: file, keep: () => {}, discard: () => {} }
  const target = known === undefined ? resolve(file) : realpathSync(file)
  const path = join(dirname(target), `.${randomUUID()}`)
  return {
    path,
    keep: () => {
      if (known !== undefined) chmodSync(path, known.mode)
      renameSync(path, target)
    },
    discard: () => rmSync(path, { force: true }),
  }
}
