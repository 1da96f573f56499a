import { readStore } from '../../config/file/written-store.ts'
import { loadWithoutSecrets } from '../../config/load-without-secrets.ts'
import type { LabelBook } from '../../ledger/label-book.ts'
import type { LedgerReader } from '../../ledger/reader.ts'
import type { LedgerViews } from '../../ledger/views.ts'
import { isPostgres, openLabelsAt, openReaderAt, openReviewAt } from '../../operations/open-store.ts'
import type { Io } from '../command.ts'
import { nearConfig } from './config-flag.ts'

/** The ledger's location by default. */
export const DEFAULT_STORE = 'data/trivium.db'

export interface StoreFlags {
  readonly store?: string | undefined
  readonly config?: string | undefined
}

/**
 * Opens the store a command reads: the one given by `--store`, else that of `--config`, else that of the
 * current directory's configuration, else the default file.
 */
export async function openReader(flags: StoreFlags, env: Io['env']): Promise<LedgerReader> {
  return openReaderAt(storeOf(flags, env))
}

/** Opens the labels of the store selected in the same way. */
export async function openLabels(flags: StoreFlags, env: Io['env']): Promise<LabelBook> {
  return openLabelsAt(storeOf(flags, env))
}

/** Opens the review queue of the store selected in the same way. */
export async function openReview(
  flags: StoreFlags,
  env: Io['env'],
): Promise<Pick<LedgerViews, 'review' | 'close'>> {
  return openReviewAt(storeOf(flags, env))
}

/** The files a command reads because of these flags, and so must not write to. */
export function filesRead(flags: StoreFlags, env: Io['env']): readonly string[] {
  const store = storeOf(flags, env)
  const files = isPostgres(store) ? [] : ['', '-wal', '-shm', '.lock'].map((end) => `${store}${end}`)
  return flags.config === undefined ? files : [...files, flags.config]
}

/** The ledger's file, or the address of its database. */
export function storeOf(flags: StoreFlags, env: Io['env']): string {
  return flags.store ?? configured(flags.config, env)
}

/**
 * The location in a configuration, by default that of the current directory, where nothing else is validated. No
 * secret is required but those of the location.
 */
function configured(named: string | undefined, env: Io['env']): string {
  if (named !== undefined) loadWithoutSecrets(named, env)
  const config = named ?? nearConfig()
  return (config === undefined ? undefined : readStore(config, env)) ?? DEFAULT_STORE
}
