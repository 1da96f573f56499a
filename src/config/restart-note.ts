import { isDeepStrictEqual } from 'node:util'
import type { ProcessSettings } from './process-settings.ts'

/** Settings that a reload applies; the process keeps all others until it restarts. */
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
 * The part of a reload's log line about changed keys that need a restart: an operator who sets a new admin
 * token should learn that the old one still works. Empty if there are none. Names keys, never values.
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
