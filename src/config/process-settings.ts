import { resolve } from 'node:path'
import type { WebhookSettings } from '../alerts/settings.ts'
import type { LimitKind } from '../base/failure.ts'
import type { Retention } from '../budget/retention.ts'
import type { StoreFailurePolicy } from '../limits/limiter.ts'
import type { LifecycleSettings, UpstreamSettings } from '../upstream/settings.ts'
import type { Address } from './address.ts'
import type { Config } from './load.ts'

/** Addresses of the stores, and what becomes of each kind of limit while Redis is away. */
export interface SharedStoreSettings {
  /** One server, or nodes of a cluster. */
  readonly redis: string | readonly string[]
  readonly postgres: string
  readonly onStoreFailure: Readonly<Record<LimitKind, StoreFailurePolicy>>
}

/** What the process needs beside the request path's `Runtime`. Listeners and store stay as they were on a reload. */
export interface ProcessSettings {
  readonly listen: Address
  readonly admin: Address
  /** Empty: the admin plane makes its own at start. */
  readonly adminToken: string
  readonly maxBodyBytes: number
  readonly maxUploadBytes: number
  readonly drainMs: number
  readonly upstreams: readonly UpstreamSettings[]
  /** Where alerts are sent; undefined: nowhere. */
  readonly webhook: WebhookSettings | undefined
  /** Absolute; the configuration's is relative to the working directory, where data belongs. */
  readonly storeFile: string
  /** In place of the file: stores that replicas share. */
  readonly sharedStore: SharedStoreSettings | undefined
  readonly retention: Retention
  readonly lifecycle: LifecycleSettings
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'
}

export function processSettings({ settings }: Config): ProcessSettings {
  const { server, upstreams, lifecycle, alerts, capture, store, log } = settings
  return {
    listen: server.listen,
    admin: server.admin,
    adminToken: server.admin_token,
    maxBodyBytes: server.max_body,
    maxUploadBytes: server.max_upload,
    drainMs: server.drain,
    upstreams: Object.entries(upstreams).map(([name, upstream]) => ({
      name,
      baseUrl: upstream.base_url.replace(/\/+$/, ''),
      apiKey: upstream.api_key,
      kind: upstream.kind,
      apiVersion: upstream.api_version,
      deployments: upstream.deployments,
      timeouts: {
        connect: upstream.timeouts.connect,
        firstByte: upstream.timeouts.first_byte,
        idle: upstream.timeouts.idle,
        total: upstream.timeouts.total,
      },
      retries: upstream.retries,
    })),
    webhook: webhookOf(alerts),
    storeFile: resolve(store.sqlite),
    sharedStore: sharedStoreOf(store),
    lifecycle: {
      refreshMs: lifecycle.refresh === 'never' ? undefined : lifecycle.refresh,
      warnAheadMs: lifecycle.warn_ahead,
    },
    retention: { rowsMs: store.retain, promptsMs: capture.retain },
    logLevel: log.level,
  }
}

function webhookOf({ webhook, secret }: Config['settings']['alerts']): WebhookSettings | undefined {
  return webhook === undefined || secret === undefined ? undefined : { url: webhook, secret }
}

function sharedStoreOf({ redis, postgres, on_store_failure }: Config['settings']['store']) {
  if (redis === undefined || postgres === undefined) return undefined
  return { redis, postgres, onStoreFailure: on_store_failure }
}
