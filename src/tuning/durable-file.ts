import { randomUUID } from 'node:crypto'
import { closeSync, fsyncSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Writes a file and waits for fsync. Throws the file system's error. */
export function writeDurably(file: string, content: string | Uint8Array): void {
  const handle = openSync(file, 'wx')
  try {
    writeFileSync(handle, content)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** A complete file under a hidden temporary name, ready to be linked or renamed. */
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

/** Removes a file or folder that is no longer needed, or was never finished. */
export function discard(path: string | undefined): void {
  if (path !== undefined) rmSync(path, { recursive: true, force: true })
}
