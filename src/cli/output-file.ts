import { accessSync, constants, statSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { UsageError } from './command.ts'

/** Refuses a file that cannot be written before the work for it is done. Throws a `UsageError` naming flag and file. */
export function checkOutput(flag: string, file: string): void {
  const folder = dirname(resolve(file))
  const refuse = (why: string) => {
    throw new UsageError(`${flag} ${file === '' ? '""' : file}: ${why}`)
  }
  if (file === '') refuse('names no file')
  if (!isFolder(folder)) refuse(`there is no folder ${folder}`)
  if (isFolder(file)) refuse('is a folder')
  try {
    accessSync(folder, constants.W_OK)
  } catch {
    refuse('its folder cannot be written to')
  }
}

/** Throws a `UsageError` naming flag and file. */
export function writeOutput(flag: string, file: string, content: Buffer | string): void {
  try {
    writeFileSync(file, content)
  } catch (error) {
    throw new UsageError(`${flag} ${file}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
