import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { eventually } from '../../support/eventually.ts'

export const TOKEN = 'an-admin-token-for-upgrades'

/** A running Trivium of some version. */
export interface Version {
  /** Ends in `/v1`. */
  readonly dataUrl: string
  readonly adminUrl: string
  /** Takes it out of rotation. */
  drain(): Promise<void>
  /** Stops it as an operator would; throws if it does not exit cleanly. */
  stop(): Promise<void>
}

/** Starts the version whose files are in a folder. */
export async function startVersion(folder: string, config: string): Promise<Version> {
  const child = spawn(process.execPath, ['src/main.ts', 'serve', '--config', config], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = once(child, 'exit')
  process.once('exit', () => child.kill('SIGKILL'))
  let printed = ''
  for (const output of [child.stdout, child.stderr]) {
    output.on('data', (bytes) => {
      printed += bytes
    })
  }
  const [, dataUrl = '', adminUrl = ''] = await eventually(() => {
    if (child.exitCode !== null) throw new Error(`it has exited with ${child.exitCode}: ${printed}`)
    return /listens on (\S+\/v1), admin on (\S+)/.exec(printed) ?? undefined
  })
  return {
    dataUrl,
    adminUrl,
    async drain() {
      const headers = { authorization: `Bearer ${TOKEN}` }
      const { ok, status } = await fetch(`${adminUrl}/api/drain`, { method: 'POST', headers })
      if (!ok) throw new Error(`draining was answered with ${status}`)
    },
    async stop() {
      child.kill('SIGTERM')
      const [code] = await exited
      if (code !== 0) throw new Error(`it has exited with ${code}: ${printed}`)
    },
  }
}
