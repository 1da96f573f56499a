import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { eventually } from '../../support/eventually.ts'
import { keyEntry } from '../../support/house.ts'

const TOKEN = 'the-token-of-this-bench'
/** Key `key-1` of the busiest team. */
export const HOLDER = 'sk-bench'

/** The whole program in its own process, on a store full of rows. */
export interface Program {
  /**
   * Sends a request to the admin API; returns the answer and the milliseconds until it had been read
   * completely.
   */
  ask(path: string, token?: string): Promise<{ readonly ms: number; readonly answer: unknown }>
  readonly adminUrl: string
  /** Resident memory, in MiB. */
  memory(): number
  end(): Promise<void>
}

export async function startProgram(folder: string, store: object): Promise<Program> {
  const config = join(folder, 'trivium.yaml')
  const server = { listen: '127.0.0.1:0', admin: '127.0.0.1:0', admin_token: TOKEN }
  const teams = { 'team-39': { keys: [{ ...keyEntry(HOLDER), id: 'key-1' }] } }
  const upstreams = { openai: { base_url: 'http://127.0.0.1:9/v1', api_key: 'sk-none' } }
  const routes = { stem_reasoning: ['o1-mini'], factual_recall: ['gpt-4o-mini'], language_heavy: ['gpt-4o'] }
  writeFileSync(config, stringify({ server, store, teams, upstreams, routes, log: { level: 'error' } }))
  const child = spawn(process.execPath, ['src/main.ts', 'serve', '--config', config], {
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const adminUrl = await adminUrlOf(child)
  return {
    adminUrl,
    async ask(path, token = TOKEN) {
      const started = performance.now()
      const response = await fetch(`${adminUrl}${path}`, { headers: { authorization: `Bearer ${token}` } })
      const text = await response.text()
      const ms = performance.now() - started
      if (response.status !== 200) throw new Error(`${path}: ${response.status} ${text.slice(0, 300)}`)
      return { ms, answer: path.startsWith('/api/export') ? text.length : JSON.parse(text) }
    },
    memory: () => {
      const kib = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]
      return Number(kib) / 1024
    },
    end: async () => {
      child.kill()
      await once(child, 'close')
    },
  }
}

async function adminUrlOf(child: ChildProcess): Promise<string> {
  let printed = ''
  child.stdout?.on('data', (bytes) => {
    printed += String(bytes)
  })
  return eventually(() => {
    if (child.exitCode !== null) throw new Error(`the program ended: ${printed}`)
    return /admin on (http:\S+)/.exec(printed)?.[1]
  })
}
