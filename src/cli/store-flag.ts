import type { LedgerReader } from '../budget/reader.ts'
import { openPostgresReader } from '../budget/redis-postgres/reader.ts'
import { openLedgerReader } from '../budget/sqlite/reader.ts'
import { readConfiguration } from '../config/configuration.ts'
import type { Io } from './command.ts'

const DEFAULT = 'data/trivium.db'

/** Opens the store a command reads: the one named by `--store`, else the configuration's, else the default file. */
export async function openReader(
  flags: { readonly store?: string | undefined; readonly config?: string | undefined },
  env: Io['env'],
): Promise<LedgerReader> {
  const store = flags.store ?? configured(flags.config, env)
  return /^postgres(ql)?:/.test(store) ? openPostgresReader(store) : openLedgerReader(store)
}

function configured(config: string | undefined, env: Io['env']): string {
  if (config === undefined) return DEFAULT
  const { sharedStore, storeFile } = readConfiguration(config, env).process
  return sharedStore?.postgres ?? storeFile
}
