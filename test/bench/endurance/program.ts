import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { stringify } from 'yaml'
import { environmentOf, readDockerfile } from '../../package/dockerfile.ts'
import { installTarball, packTarball } from '../../package/tarball.ts'
import { SERVE_FLAGS } from '../proxy/contestants.ts'

export const KEY = 'sk-endurance'
const ADMIN_TOKEN = 'endurance'

/** The image's allocator is half of what decides how much memory stays resident. */
const DOCKERFILE = readDockerfile(readFileSync(join(import.meta.dirname, '../../../Dockerfile'), 'utf8'))
const IMAGE_ENV = environmentOf(DOCKERFILE)

/** The team's limit on concurrent requests. */
export const SLOTS = 256

/** The whole program in its own process, compiled as in the package and the image. */
export interface Program {
  readonly child: ChildProcess
  readonly pid: number
  readonly dataUrl: string
  /** The ledger's file. */
  readonly database: string
  /** Calls the admin API as an admin. */
  admin(path: string, init?: { readonly method: string; readonly body: string }): Promise<string>
  /** A gauge of `/metrics` without labels. */
  metric(name: string): Promise<number>
  /** Resolves when nothing is in flight any more, including rows. */
  calm(): Promise<void>
  /** Stops it as an operator would; resolves when it has exited. */
  stop(): Promise<void>
}

/**
 * Starts it in its own folder, with these Node flags in addition to the usual ones. If one of the flags makes
 * it respond, it can be sent messages.
 */
export async function startProgram(
  folder: string,
  upstreamUrl: string,
  flags: readonly string[] = [],
): Promise<Program> {
  const config = join(folder, 'trivium.yaml')
  const database = join(folder, 'ledger.db')
  writeFileSync(config, stringify(configuration(upstreamUrl, database)))
  const argv = [...SERVE_FLAGS, ...flags, installIn(folder), 'serve', '--config', config]
  const child = spawn(process.execPath, argv, {
    env: { ...process.env, ...IMAGE_ENV },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  process.once('exit', () => child.kill('SIGKILL'))
  const exited = once(child, 'exit')
  const { stdout, pid = 0 } = child
  if (stdout === null) throw new Error('a program without output')
  const { dataUrl, adminUrl } = await addressesOf(stdout.setEncoding('utf8'))
  checkAllocator(pid)
  const admin: Program['admin'] = async (path, init) => {
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' }
    return (await fetch(`${adminUrl}${path}`, { ...init, headers })).text()
  }
  const metric = async (name: string) =>
    Number(new RegExp(`^${name} (\\d+)`, 'm').exec(await admin('/metrics'))?.[1])
  return {
    child,
    pid,
    dataUrl,
    database,
    admin,
    metric,
    async calm() {
      for (let tries = 0; tries < 300; tries += 1) {
        if ((await metric('trivium_requests_in_flight')) === 0) return
        await sleep(100)
      }
      throw new Error('requests are still in flight after 30 s')
    },
    async stop() {
      child.kill('SIGTERM')
      await exited
    },
  }
}

/** The loader only warns of a library that is not installed. */
function checkAllocator(pid: number): void {
  const { LD_PRELOAD = '' } = IMAGE_ENV
  if (!readFileSync(`/proc/${pid}/maps`, 'utf8').includes(LD_PRELOAD))
    throw new Error(`${LD_PRELOAD}, which the image preloads, is not installed here`)
}

/**
 * Returns its main file. Run from source it would need 30 MB more: every thread has the code that strips
 * types.
 */
function installIn(folder: string): string {
  const [source, home] = [join(folder, 'source'), join(folder, 'home')]
  for (const each of [source, home]) mkdirSync(each)
  return installTarball(packTarball(source), home)
}

async function addressesOf(output: NodeJS.ReadableStream): Promise<{ dataUrl: string; adminUrl: string }> {
  for await (const text of output) {
    const [, dataUrl, adminUrl] = /listens on (http:\S+)\/v1, admin on (http:\S+)/.exec(String(text)) ?? []
    if (dataUrl !== undefined && adminUrl !== undefined) {
      output.resume()
      return { dataUrl, adminUrl }
    }
  }
  throw new Error('the program did not start')
}

export function residentBytesOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024
}

function configuration(baseUrl: string, database: string): object {
  return {
    server: { listen: '127.0.0.1:0', admin: '127.0.0.1:0', admin_token: ADMIN_TOKEN },
    upstreams: {
      openai: {
        base_url: baseUrl,
        api_key: 'sk-simulated',
        timeouts: { first_byte: '2s', idle: '2s' },
        retries: 1,
      },
    },
    lifecycle: { refresh: 'never' },
    routes: {
      stem_reasoning: ['gpt-4o'],
      factual_recall: ['gpt-4o-mini', 'gpt-4o'],
      language_heavy: ['gpt-4o'],
    },
    teams: {
      endurance: {
        budgets: [{ usd: 1_000_000, per: 'total' }],
        limits: { concurrent: SLOTS, requests_per_minute: 10_000_000, tokens_per_minute: 1_000_000_000 },
        keys: [{ id: 'endurance', sha256: createHash('sha256').update(KEY).digest('hex') }],
      },
    },
    store: { sqlite: database },
    log: { level: 'silent' },
  }
}
