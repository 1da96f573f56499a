import { loadWithoutSecrets } from '../../config/load-without-secrets.ts'
import { type TuningContext, tuningContext } from '../../operations/tuning-context.ts'
import type { Io } from '../command.ts'
import { configFlag } from '../flags/config-flag.ts'
import { loginName } from '../flags/login-name.ts'

/** For `parseArgs`: where to find candidates and rows. */
export const TUNING_OPTIONS = {
  config: { type: 'string' },
  store: { type: 'string' },
} as const

/** Throws a `ConfigError` for a configuration or a journal that cannot be read. */
export function openTuning(
  flags: { readonly config?: string | undefined; readonly store?: string | undefined },
  env: Io['env'],
): TuningContext {
  return tuningContext(loadWithoutSecrets(configFlag(flags.config), env), flags.store)
}

/** Who decides: `--by`, or the user who is logged in. */
export function personOf(by: string | undefined): string {
  return by === undefined || by === '' ? loginName() : by
}
