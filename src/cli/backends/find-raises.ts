import { loadConfig } from '../../config/load.ts'
import { processSettings } from '../../config/process-settings.ts'
import { budgetsOf } from '../../config/teams.ts'
import { StoreError } from '../../ledger/store-error.ts'
import { type Io, UsageError } from '../command.ts'
import { configFlag } from '../flags/config-flag.ts'
import { nearUrlOf, tokenIn, Unanswered } from './admin-call.ts'
import { openFileRaises, openPostgresRaises, type RaiseBackend } from './raise-backend.ts'
import { raisesOverAdmin } from './raises-over-admin.ts'

/**
 * Finds where raises are to be decided. A file can be opened only while no process uses it; otherwise that
 * process decides. Shared stores are written directly if no admin plane answers. With `admin`, the URL of an
 * admin plane, only that one is asked. Reads only the settings of the configuration: compiling its rules
 * takes far longer than a raise.
 */
export async function findRaises(
  flags: { readonly config?: string | undefined; readonly admin?: string | undefined },
  env: Io['env'],
): Promise<RaiseBackend> {
  const token = tokenIn(env)
  if (flags.admin !== undefined && token !== undefined) return raisesOverAdmin(flags.admin, token)
  const config = loadConfig(configFlag(flags.config), env)
  const { admin, adminToken, storeFile, sharedStore } = processSettings(config)
  const running = raisesOverAdmin(flags.admin ?? nearUrlOf(admin), token ?? adminToken)
  if (flags.admin !== undefined) return running
  const budgets = budgetsOf(config.settings.teams).map(({ id }) => id)
  if (sharedStore !== undefined) {
    const unanswered = await silenceOf(running)
    return unanswered === undefined ? running : openPostgresRaises(sharedStore.postgres, budgets)
  }
  try {
    return await openFileRaises(storeFile, budgets)
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    const unanswered = await silenceOf(running)
    if (unanswered === undefined) return running
    throw new UsageError(`${error.message}\n${unanswered.message}; give its address with --admin`)
  }
}

/** Why the backend does not answer; undefined if it does. */
async function silenceOf(backend: RaiseBackend): Promise<Unanswered | undefined> {
  try {
    await backend.list()
    return undefined
  } catch (error) {
    if (error instanceof Unanswered) return error
    throw error
  }
}
