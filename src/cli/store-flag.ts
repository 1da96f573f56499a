import { readConfiguration } from '../config/configuration.ts'
import type { Io } from './command.ts'

const DEFAULT = 'data/trivium.db'

/** The store a command reads: the file named by `--store`, else the configuration's, else the default one. */
export function storeFlag(
  flags: { readonly store?: string | undefined; readonly config?: string | undefined },
  env: Io['env'],
): string {
  if (flags.store !== undefined) return flags.store
  return flags.config === undefined ? DEFAULT : readConfiguration(flags.config, env).process.storeFile
}
