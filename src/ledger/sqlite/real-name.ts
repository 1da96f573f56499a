import { existsSync, lstatSync, readlinkSync, realpathSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

/**
 * A store's path with links resolved, next to which SQLite keeps its log and index; for a store yet to be
 * created, the path it will have. Throws file system errors, except for a path that does not exist.
 */
export function realName(path: string): string {
  const file = resolve(path)
  if (existsSync(file)) return realpathSync(file)
  const leadsAway = lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true
  if (leadsAway) return realName(resolve(dirname(file), readlinkSync(file)))
  return existsSync(dirname(file)) ? join(realpathSync(dirname(file)), basename(file)) : file
}
