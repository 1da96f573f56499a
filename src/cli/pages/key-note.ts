import { existsSync } from 'node:fs'
import { readStore } from '../../config/file/written-store.ts'
import type { Note } from '../../ledger/audit.ts'
import { isPostgres, openAuditAt } from '../../operations/open-store.ts'
import type { Io } from '../command.ts'
import { DEFAULT_STORE } from '../flags/store-flag.ts'

/**
 * Records a change to a key in the audit of the configuration's store, where the console's own actions are
 * recorded too. The change has already been made: if the store cannot be written or does not exist yet, a
 * line on stderr says that the change is not in the audit.
 */
export async function noteKey(
  config: string,
  done: Omit<Note, 'at'>,
  { env, stderr }: Pick<Io, 'env' | 'stderr'>,
): Promise<void> {
  try {
    const store = readStore(config, env) ?? DEFAULT_STORE
    if (!isPostgres(store) && !existsSync(store)) throw new Error(`there is no ledger yet (${store})`)
    const audit = await openAuditAt(store)
    try {
      const detail = [done.detail, 'at the command line'].filter((part) => part !== '').join(', ')
      await audit.note({ ...done, detail, at: Date.now() })
    } finally {
      await audit.close()
    }
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error)
    stderr.write(`not recorded in the audit log: ${why}\n`)
  }
}
