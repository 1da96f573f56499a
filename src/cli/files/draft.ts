import { randomUUID } from 'node:crypto'
import { chmodSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** A file beside the one that is meant, which takes its place when it is whole: what was there stays until then. */
export interface Draft {
  /** Where to write. */
  readonly path: string
  /** Puts the draft in the file's place, in one step; links to the file and its mode stay. */
  keep(): void
  discard(): void
}

/** A pipe or a device is written itself: there is nothing in it to keep. */
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
