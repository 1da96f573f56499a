import { randomUUID } from 'node:crypto'
import { closeSync, fsyncSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Writes a file and waits until it is on the disk. Throws what the file system says. */
export function writeDurably(file: string, content: string | Uint8Array): void {
  const handle = openSync(file, 'wx')
  try {
    writeFileSync(handle, content)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** A whole file under a name that nobody looks for, ready to be given its own. */
export function fileAside(folder: string, content: string | Uint8Array): string {
  const file = join(folder, `.${randomUUID()}`)
  try {
    writeDurably(file, content)
  } catch (error) {
    discard(file)
    throw error
  }
  return file
}

/** Takes away what is not needed any more, or was never finished: a file or a folder. */
export function discard(path: string | undefined): void {
  if (path !== undefined) rmSync(path, { recursive: true, force: true })
}
