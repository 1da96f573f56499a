import { isDeepStrictEqual } from 'node:util'
import type { ProcessSettings } from './process-settings.ts'

/** What a reload takes over; the rest a process keeps as it was when it started. */
type Reloaded = 'people' | 'upstreams' | 'webhook' | 'retention' | 'lifecycle'

type Kept = Exclude<keyof ProcessSettings, Reloaded>

const KEYS: Readonly<Record<Kept, string>> = {
  listen: 'server.listen',
  admin: 'server.admin',
  adminToken: 'server.admin_token',
  maxBodyBytes: 'server.max_body',
  maxUploadBytes: 'server.max_upload',
  corsOrigins: 'server.cors',
  drainMs: 'server.drain',
  storeFile: 'store.sqlite',
  sharedStore: 'store',
  logLevel: 'log.level',
  requestLog: 'log',
  tracing: 'tracing',
}

/**
 * What a line about a reload says of keys that have changed and wait for a restart: whoever has set another admin token
 * should hear that the old one still opens. Nothing where there are none; names keys, never values.
 */
export function restartNote(
  started: ProcessSettings,
  loaded: ProcessSettings,
): { readonly waits_for_restart?: readonly string[] } {
  const changed = Object.entries(KEYS).flatMap(([name, key]) =>
    isKept(name) && !isDeepStrictEqual(started[name], loaded[name]) ? [key] : [],
  )
  return changed.length === 0 ? {} : { waits_for_restart: changed }
}

function isKept(name: string): name is Kept {
  return Object.hasOwn(KEYS, name)
}
