import { dirname, resolve, sep } from 'node:path'

/** An absolute path in a message, without the file's own name. It may contain blanks, but no colon. */
const FOLDERS = /(?<=^|: )(?:\/|[A-Z]:\\)(?:[^\n:]*[\\/])?(?=[^\n:\\/]+:)/gim

/** Folders of the files people are told about. */
export interface Folders {
  /** Path of the configuration file; absent if its location is not to be shown. */
  readonly config?: string
  /** Folder of the candidates; undefined if unknown. */
  readonly candidates: string | undefined
}

/**
 * An error message for somebody on the network, who need not know the server's file system: files are named
 * relative to the folder of candidates, else to that of the configuration, else by their own name.
 */
export function shownFiles(message: string, { config, candidates }: Folders): string {
  const known =
    candidates === undefined ? message : without(message, candidates).replaceAll(candidates, 'candidates')
  const near = config === undefined ? known : without(known, dirname(resolve(config)))
  return near.replace(FOLDERS, '')
}

/** The root folder has nothing to hide, and every path starts with it. */
function without(message: string, folder: string): string {
  return folder.endsWith(sep) ? message : message.replaceAll(`${folder}${sep}`, '')
}
