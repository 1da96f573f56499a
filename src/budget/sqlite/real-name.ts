import { existsSync, lstatSync, readlinkSync, realpathSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

/**
 * A store's name behind links, beside which SQLite keeps its log and index; of one that is still to be made, the name that it
 * will have. Throws what the file system throws, but not where nothing is there.
 */
export function realName(path: string): string {
  const file = resolve(path)
  if (existsSync(file)) return realpathSync(file)
  const leadsAway = lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true
  if (leadsAway) return realName(resolve(dirname(file), readlinkSync(file)))
  return existsSync(dirname(file)) ? join(realpathSync(dirname(file)), basename(file)) : file
}
