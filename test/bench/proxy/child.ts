import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** Allows for a start on ten million rows, or a hundred thousand keys, on a busy machine. */
const PATIENCE_MS = 150_000

/** Each child listens for the exit of this process, and there are a dozen of them. */
process.setMaxListeners(40)

/** A process of the benchmark. It is killed if still running when the benchmark exits. */
export class Child {
  readonly process: ChildProcess

  /** Rejects when the process ends. */
  readonly died: Promise<never>

  constructor(process_: ChildProcess) {
    this.process = process_
    process.once('exit', () => this.process.kill('SIGKILL'))
    const command = process_.spawnargs.join(' ')
    this.died = once(process_, 'exit').then(() => Promise.reject(new Error(`has ended: ${command}`)))
    this.died.catch(() => undefined)
  }

  get pid(): number {
    const { pid } = this.process
    if (pid === undefined) throw new Error(`could not be started: ${this.process.spawnargs.join(' ')}`)
    return pid
  }

  get isAlive(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null
  }

  async stop(): Promise<void> {
    if (!this.isAlive) return
    const gone = once(this.process, 'exit')
    this.process.kill('SIGTERM')
    const timer = setTimeout(() => this.process.kill('SIGKILL'), PATIENCE_MS)
    await gone
    clearTimeout(timer)
  }
}

/** A server whose first line of output is its address. */
export interface Server {
  readonly child: Child
  readonly port: number
}

/**
 * Starts a server with the current Node binary and waits until it listens. `flags` go to Node, `args` to the
 * program.
 */
export async function startServer(
  flags: readonly string[],
  file: string,
  ...args: readonly string[]
): Promise<Server> {
  const argv = [...flags, fileURLToPath(new URL(file, import.meta.url)), ...args]
  const child = new Child(spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] }))
  const { stdout } = child.process
  if (stdout === null) throw new Error('a server without output')
  const [line] = await Promise.race([
    once(stdout, 'data', { signal: AbortSignal.timeout(PATIENCE_MS) }),
    child.died,
  ])
  stdout.resume()
  const port = /127\.0\.0\.1:(\d+)/.exec(String(line))?.[1]
  if (port === undefined) throw new Error(`${file} said ${String(line)} instead of its address`)
  return { child, port: Number(port) }
}

/** Starts a script that communicates by messages. */
export function startScript(file: string): Child {
  return new Child(fork(fileURLToPath(new URL(file, import.meta.url))))
}
