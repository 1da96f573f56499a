import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { TestContext } from 'node:test'
import { eventually } from './eventually.ts'

/** `trivium serve` in its own process. */
export interface ServedProcess {
  readonly child: ChildProcess
  readonly printed: { stdout: string; stderr: string }
  /** Resolves to the exit code and signal. */
  readonly exited: Promise<readonly unknown[]>
}

/** Block size of the shell's `ulimit -f`. */
const BLOCK_BYTES = 512

/**
 * Starts it; anything left of it is removed with the test. Its environment contains only what is given. With
 * `mostFileBytes` none of its files can grow larger, as on a disk that fills up; with `mostOpenFiles` it can have no
 * more files and sockets open at a time.
 */
export function startServe(
  test: TestContext,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  { mostFileBytes, mostOpenFiles }: { readonly mostFileBytes?: number; readonly mostOpenFiles?: number } = {},
): ServedProcess {
  const command = [process.execPath, 'src/main.ts', 'serve', ...args]
  const limit = mostFileBytes === undefined ? 'unlimited' : String(Math.floor(mostFileBytes / BLOCK_BYTES))
  const files = mostOpenFiles === undefined ? '' : `ulimit -n ${mostOpenFiles} && `
  const child = spawn('/bin/sh', ['-c', `${files}ulimit -f "$0" && exec "$@"`, limit, ...command], {
    env: { PATH: process.env.PATH, ...env },
  })
  const printed = { stdout: '', stderr: '' }
  child.stdout.on('data', (bytes) => {
    printed.stdout += bytes
  })
  child.stderr.on('data', (bytes) => {
    printed.stderr += bytes
  })
  const exited = once(child, 'close')
  test.after(async () => {
    child.kill('SIGKILL')
    await exited
  })
  return { child, printed, exited }
}

/** Resolves to its address, ending in `/v1`, once it listens. */
export async function listening({ child, printed }: ServedProcess): Promise<string> {
  return eventually(() => {
    if (child.exitCode !== null) throw new Error(`it has exited with ${child.exitCode}: ${printed.stderr}`)
    return /listens on (\S+\/v1)/.exec(printed.stdout)?.[1]
  })
}
