import { StoreError } from '../budget/sqlite/store-error.ts'
import type { Address } from '../config/address.ts'
import { loadConfig } from '../config/load.ts'
import { processSettings } from '../config/process-settings.ts'
import { budgetsOf } from '../config/teams.ts'
import { adminDesk, Unanswered } from './admin-desk.ts'
import { type Io, UsageError } from './command.ts'
import { configFlag } from './config-flag.ts'
import { openStoreDesk, type RaiseDesk } from './raise-desk.ts'

/**
 * Where raises are decided now: whoever has the store decides, and it is free only while no process runs on it. With
 * `admin`, the URL of an admin plane, that one is asked. Of the configuration only the settings are read: compiling its
 * rules takes far longer than a raise.
 */
export async function findDesk(
  flags: { readonly config?: string | undefined; readonly admin?: string | undefined },
  env: Io['env'],
): Promise<RaiseDesk> {
  const token = env.TRIVIUM_ADMIN_TOKEN === '' ? undefined : env.TRIVIUM_ADMIN_TOKEN
  if (flags.admin !== undefined && token !== undefined) return adminDesk(flags.admin, token)
  const config = loadConfig(configFlag(flags.config), env)
  const { admin, adminToken, storeFile, sharedStore } = processSettings(config)
  const running = adminDesk(flags.admin ?? urlOf(admin), token ?? adminToken)
  // Replicas share one audit: any that runs decides.
  if (flags.admin !== undefined || sharedStore !== undefined) return running
  try {
    const budgets = budgetsOf(config.settings.teams).map(({ id }) => id)
    return await openStoreDesk(storeFile, budgets)
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    await running.list().catch((unanswered: unknown) => {
      if (!(unanswered instanceof Unanswered)) throw unanswered
      throw new UsageError(`${error.message}\n${unanswered.message}; name it with --admin`)
    })
    return running
  }
}

function urlOf({ host, port }: Address): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}
