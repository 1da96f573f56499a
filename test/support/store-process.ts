import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** A real server on its own loopback port, with its data in a temporary folder. */
export interface Store {
  readonly url: string
  readonly port: number
  /** Starts it again on the same port and data. Resolves when it accepts connections. */
  start(): Promise<void>
  /** Asks it to stop, and waits until it has. */
  stop(): Promise<void>
  /** SIGKILL to it and every process it started. */
  kill(): Promise<void>
  /** SIGSTOP: it keeps its connections but answers nothing. */
  freeze(): void
  thaw(): void
  /** Stops it and removes its data. */
  dispose(): Promise<void>
}

/** How one kind of server is started. */
export interface Recipe {
  readonly command: string
  readonly args: readonly string[]
  readonly port: number
  readonly user?: { readonly uid: number; readonly gid: number } | undefined
  /** The signal that stops it without waiting for its clients. */
  readonly stopSignal: NodeJS.Signals
  /** What it prints once it accepts connections; absent: what both servers print. */
  readonly ready?: RegExp
}

const START_PATIENCE_MS = 60_000
const READY = /ready to accept connections/i

/** The process of a store and the operations tests perform on it. */
export class StoreProcess {
  readonly #recipe: Recipe
  #child: ChildProcess | undefined
  #printed = ''

  constructor(recipe: Recipe) {
    this.#recipe = recipe
  }

  async start(): Promise<void> {
    if (this.#child !== undefined) throw new Error('it runs already')
    const { command, args, user, port, ready = READY } = this.#recipe
    const child = spawn(command, args, { ...user, stdio: ['ignore', 'pipe', 'pipe'] })
    this.#child = child
    this.#printed = ''
    for (const output of [child.stdout, child.stderr]) {
      output.on('data', (bytes) => {
        this.#printed = `${this.#printed}${bytes}`.slice(-8_000)
      })
    }
    child.once('exit', () => {
      this.#child = undefined
    })
    const deadline = performance.now() + START_PATIENCE_MS
    while (!ready.test(this.#printed) || !(await answers(port))) {
      if (this.#child === undefined) throw new Error(`${command} has ended: ${this.#printed}`)
      if (performance.now() > deadline) throw new Error(`${command} does not start: ${this.#printed}`)
      await sleep(10)
    }
  }

  async stop(): Promise<void> {
    this.thaw()
    await this.#end(this.#recipe.stopSignal)
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL', true)
  }

  freeze(): void {
    this.#signal('SIGSTOP')
  }

  thaw(): void {
    this.#signal('SIGCONT')
  }

  async #end(signal: NodeJS.Signals, children = false): Promise<void> {
    const child = this.#child
    if (child === undefined) return
    const ended = once(child, 'exit')
    if (children) this.#signal(signal)
    else child.kill(signal)
    await ended
  }

  /** The process itself first, so that it starts no further ones. */
  #signal(signal: NodeJS.Signals): void {
    const pid = this.#child?.pid
    if (pid === undefined) return
    for (const each of [pid, ...childrenOf(pid)]) {
      try {
        process.kill(each, signal)
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
      }
    }
  }
}

/**
 * PostgreSQL's backends run in sessions of their own, so a signal to the process group does not reach them.
 */
function childrenOf(pid: number): readonly number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    return text.split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

/**
 * If one cannot be started, the others are stopped: a server left running would keep its test from ending.
 */
export async function allOrNone<const Starting extends readonly Promise<Pick<Store, 'dispose'>>[]>(
  starting: Starting,
): Promise<{ -readonly [Place in keyof Starting]: Awaited<Starting[Place]> }> {
  try {
    return await Promise.all(starting)
  } catch (error) {
    for (const outcome of await Promise.allSettled(starting))
      if (outcome.status === 'fulfilled') await outcome.value.dispose()
    throw error
  }
}

/** Below the kernel's ephemeral ports, so that no client takes one between now and its use. */
const PORTS = { from: 20_000, count: 12_000 }

/** A loopback port with no listener a moment ago. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = PORTS.from + Math.floor(Math.random() * PORTS.count)
    const server = createServer()
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true))
    })
    if (!isFree) continue
    server.close()
    await once(server, 'close')
    return port
  }
}
