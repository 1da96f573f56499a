import { resolve } from 'node:path'
import type { WebhookSettings } from '../alerts/settings.ts'
import type { LimitKind } from '../base/failure.ts'
import type { Retention } from '../ledger/retention.ts'
import type { StoreFailurePolicy } from '../limits/limiter.ts'
import type { RequestLogSettings, TracingSettings } from '../telemetry/settings.ts'
import type { LifecycleSettings, UpstreamSettings } from '../upstream/settings.ts'
import type { Config } from './load.ts'
import type { Address } from './schema/address.ts'
import type { PersonSettings } from './schema/people-schema.ts'

/** Addresses of the stores, and what happens to each kind of limit while Redis is down. */
export interface SharedStoreSettings {
  /** One server, or nodes of a cluster. */
  readonly redis: string | readonly string[]
  readonly postgres: string
  readonly onStoreFailure: Readonly<Record<LimitKind, StoreFailurePolicy>>
}

/**
 * What the process needs in addition to the request path's `Runtime`. A reload does not change listeners and
 * store.
 */
export interface ProcessSettings {
  readonly listen: Address
  readonly admin: Address
  /** Empty: the admin plane generates one at startup. */
  readonly adminToken: string
  /** Other people who may use the admin plane. */
  readonly people: readonly PersonSettings[]
  readonly maxBodyBytes: number
  readonly maxUploadBytes: number
  readonly corsOrigins: readonly string[]
  readonly drainMs: number
  readonly upstreams: readonly UpstreamSettings[]
  /** Where alerts are sent; undefined: nowhere. */
  readonly webhook: WebhookSettings | undefined
  /** Absolute. In the configuration it is relative to the working directory, where data belongs. */
  readonly storeFile: string
  /** Stores shared by replicas, used instead of the file. */
  readonly sharedStore: SharedStoreSettings | undefined
  readonly retention: Retention
  readonly lifecycle: LifecycleSettings
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'
  readonly requestLog: RequestLogSettings
  readonly tracing: TracingSettings
}

/** The keys used for an upstream; a single undefined one if it needs none. */
export function keysOf(apiKey: string | readonly string[] | undefined): readonly (string | undefined)[] {
  return typeof apiKey === 'object' ? apiKey : [apiKey]
}

/** The name of an upstream's n-th key. Each key has its own limits and cooldowns: `openai`, `openai#2`. */
export function nameOfKey(upstream: string, index: number): string {
  return index === 0 ? upstream : `${upstream}#${index + 1}`
}

/** Takes them from the configuration, with every key of an upstream as an upstream of its own. */
export function processSettings({ settings }: Config): ProcessSettings {
  const { server, upstreams, lifecycle, alerts, capture, store, log, tracing } = settings
  return {
    listen: server.listen,
    admin: server.admin,
    adminToken: server.admin_token,
    people: server.people,
    maxBodyBytes: server.max_body,
    maxUploadBytes: server.max_upload,
    corsOrigins: server.cors,
    drainMs: server.drain,
    upstreams: Object.entries(upstreams).flatMap(([name, upstream]) =>
      keysOf(upstream.api_key).map((apiKey, index) => ({
        name: nameOfKey(name, index),
        baseUrl: upstream.base_url.replace(/\/+$/, ''),
        apiKey,
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
    ),
    webhook: webhookOf(alerts),
    storeFile: resolve(store.sqlite),
    sharedStore: sharedStoreOf(store),
    lifecycle: {
      refreshMs: lifecycle.refresh === 'never' ? undefined : lifecycle.refresh,
      warnAheadMs: lifecycle.warn_ahead,
    },
    retention: { rowsMs: store.retain, promptsMs: capture.retain },
    logLevel: log.level,
    tracing: {
      endpoint: tracing.endpoint && `${tracing.endpoint.replace(/\/+$/, '')}/v1/traces`,
      sample: tracing.sample,
    },
    requestLog: { requests: log.requests, sample: log.sample },
  }
}

function webhookOf({ webhook, secret }: Config['settings']['alerts']): WebhookSettings | undefined {
  return webhook === undefined || secret === undefined ? undefined : { url: webhook, secret }
}

function sharedStoreOf({ redis, postgres, on_store_failure }: Config['settings']['store']) {
  if (redis === undefined || postgres === undefined) return undefined
  return { redis, postgres, onStoreFailure: on_store_failure }
}
