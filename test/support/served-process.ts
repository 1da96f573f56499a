import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { TestContext } from 'node:test'
import { eventually } from './eventually.ts'

/** `trivium serve` in a process of its own. */
export interface ServedProcess {
  readonly child: ChildProcess
  readonly printed: { stdout: string; stderr: string }
  /** Resolves to exit code and signal. */
  readonly exited: Promise<readonly unknown[]>
}

/** Starts it; whatever is left of it goes with the test. Its environment has nothing but what is given. */
export function startServe(
  test: TestContext,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ServedProcess {
  const child = spawn(process.execPath, ['src/main.ts', 'serve', ...args], {
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

/** Resolves to where it listens, ending in `/v1`, once it does. */
export async function listening({ child, printed }: ServedProcess): Promise<string> {
  return eventually(() => {
    if (child.exitCode !== null) throw new Error(`it has exited with ${child.exitCode}: ${printed.stderr}`)
    return /listens on (\S+\/v1)/.exec(printed.stdout)?.[1]
  })
}
