import { closeSync, openSync, readSync, statSync } from 'node:fs'

/** Whether two names refer to one file, be it by path, symbolic link or hard link. */
export function isSameFile(one: string, other: string): boolean {
  const [known, second] = [one, other].map((file) => statSync(file, { throwIfNoEntry: false, bigint: true }))
  return known !== undefined && second !== undefined && known.dev === second.dev && known.ino === second.ino
}

/** Magic numbers of SQLite files and their logs: https://sqlite.org/fileformat.html, 1.3 and 4.1. */
const BEGINNINGS = [
  Buffer.from('SQLite format 3\0'),
  Buffer.from('377f0682', 'hex'),
  Buffer.from('377f0683', 'hex'),
]

/** Whether the file is a SQLite database or the log of one. */
export function isDatabase(file: string): boolean {
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return false
  const handle = openSync(file, 'r')
  try {
    const bytes = Buffer.alloc(16)
    readSync(handle, bytes, 0, bytes.length, 0)
    return BEGINNINGS.some((beginning) => bytes.subarray(0, beginning.length).equals(beginning))
  } finally {
    closeSync(handle)
  }
}
