import { dirname, resolve, sep } from 'node:path'

/** An absolute path, as messages begin with it: all of it but the file's own name. Paths may hold blanks, and no colon. */
const FOLDERS = /(?<=^|: )(?:\/|[A-Z]:\\)(?:[^\n:]*[\\/])?(?=[^\n:\\/]+:)/gim

/** Where files lie that people hear of. */
export interface Folders {
  /** Path of the configuration file; absent where nothing of it is told. */
  readonly config?: string
  /** Folder of the candidates; undefined where it is not known. */
  readonly candidates: string | undefined
}

/**
 * What went wrong, for somebody who asks over the network and need not know where things lie on the server: files are
 * named from the folder of candidates on, else from that of the configuration, else by their own name.
 */
export function shownFiles(message: string, { config, candidates }: Folders): string {
  const known =
    candidates === undefined ? message : without(message, candidates).replaceAll(candidates, 'candidates')
  const near = config === undefined ? known : without(known, dirname(resolve(config)))
  return near.replace(FOLDERS, '')
}

/** In the root of everything there is nothing to hide, and each path begins with it. */
function without(message: string, folder: string): string {
  return folder.endsWith(sep) ? message : message.replaceAll(`${folder}${sep}`, '')
}
