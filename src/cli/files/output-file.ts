import { accessSync, constants, lstatSync, statSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { UsageError } from '../command.ts'
import { draftOf } from './draft.ts'
import { isDatabase, isSameFile } from './file-identity.ts'

/**
 * Rejects an output file before any work is done if it cannot be written or if overwriting it would lose
 * data: any database, and what this command `reads`, under whatever name or link. Throws a `UsageError`
 * naming flag and file.
 */
export function checkOutput(flag: string, file: string, reads: readonly (string | undefined)[] = []): void {
  const folder = dirname(resolve(file))
  const refuse = (why: string) => {
    throw new UsageError(`${flag} ${file === '' ? '""' : file}: ${why}`)
  }
  if (file === '') refuse('names no file')
  if (!isFolder(folder)) refuse(`there is no folder ${folder}`)
  const known = statSync(file, { throwIfNoEntry: false })
  if (known?.isDirectory() === true) refuse('is a folder')
  // Pipes and devices are written directly, wherever they are.
  if (known?.isFile() === false) return
  if (reads.some((read) => read !== undefined && isSameFile(file, read)))
    refuse('this command reads from it and would destroy it')
  if (isDatabase(file)) refuse('is a database, which would be lost')
  if (known === undefined && lstatSync(file, { throwIfNoEntry: false }) !== undefined)
    refuse('is a link to nothing')
  try {
    accessSync(folder, constants.W_OK)
  } catch {
    refuse('its folder cannot be written to')
  }
}

/** Writes a complete file or nothing. Throws a `UsageError` naming flag and file. */
export function writeOutput(flag: string, file: string, content: Buffer | string): void {
  const draft = draftOf(file)
  try {
    writeFileSync(draft.path, content)
    draft.keep()
  } catch (error) {
    draft.discard()
    throw new UsageError(`${flag} ${file}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
