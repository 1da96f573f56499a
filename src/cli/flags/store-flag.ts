import type { LabelBook } from '../../budget/label-book.ts'
import type { LedgerReader } from '../../budget/reader.ts'
import type { LedgerViews } from '../../budget/views.ts'
import { readConfiguration } from '../../config/configuration.ts'
import { readStore } from '../../config/file/written-store.ts'
import { isPostgres, openLabelsAt, openReaderAt, openReviewAt } from '../../desk/open-store.ts'
import type { Io } from '../command.ts'
import { nearConfig } from './config-flag.ts'

/** Where the ledger lies if nobody says otherwise. */
export const DEFAULT_STORE = 'data/trivium.db'

export interface StoreFlags {
  readonly store?: string | undefined
  readonly config?: string | undefined
}

/**
 * Opens the store a command reads: the one named by `--store`, else the one of `--config`, else that of this folder's
 * configuration, else the default file.
 */
export async function openReader(flags: StoreFlags, env: Io['env']): Promise<LedgerReader> {
  return openReaderAt(storeOf(flags, env))
}

/** The labels of the store that is named in the same way. */
export async function openLabels(flags: StoreFlags, env: Io['env']): Promise<LabelBook> {
  return openLabelsAt(storeOf(flags, env))
}

/** What to label next in the store that is named in the same way. */
export async function openReview(
  flags: StoreFlags,
  env: Io['env'],
): Promise<Pick<LedgerViews, 'review' | 'close'>> {
  return openReviewAt(storeOf(flags, env))
}

/** The files that a command reads by these flags: what it must not write to. */
export function filesRead(flags: StoreFlags, env: Io['env']): readonly string[] {
  const store = storeOf(flags, env)
  const files = isPostgres(store) ? [] : ['', '-wal', '-shm', '.lock'].map((end) => `${store}${end}`)
  return flags.config === undefined ? files : [...files, flags.config]
}

/** The ledger's file, or the address of its database. */
export function storeOf(flags: StoreFlags, env: Io['env']): string {
  return flags.store ?? configured(flags.config, env)
}

function configured(config: string | undefined, env: Io['env']): string {
  if (config === undefined) return near(env)
  const { sharedStore, storeFile } = readConfiguration(config, env).process
  return sharedStore?.postgres ?? storeFile
}

/** Where this folder's configuration says; nothing else of it is checked, and no secret asked for. */
function near(env: Io['env']): string {
  const config = nearConfig()
  return (config === undefined ? undefined : readStore(config, env)) ?? DEFAULT_STORE
}
