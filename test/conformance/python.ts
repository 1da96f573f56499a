import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Virtual environments. Packages that need different versions of the official client are kept apart. */
export type Venv = 'openai' | 'frameworks'

/** Where environments are kept between runs, outside version control. */
const FOLDER = 'node_modules/.cache/conformance'

/**
 * Returns the interpreter of a virtual environment with what `python/NAME.txt` lists. Throws if it cannot be
 * made.
 */
export function interpreterOf(venv: Venv): string {
  const folder = join(FOLDER, venv)
  const python = join(folder, 'bin', 'python')
  const listed = join(import.meta.dirname, 'python', `${venv}.txt`)
  if (!existsSync(python)) run('python3', ['-m', 'venv', folder])
  run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', listed])
  return python
}

/** The installed version of a package in an environment. */
export function versionIn(python: string, name: string): string {
  const script = 'import importlib.metadata, sys; print(importlib.metadata.version(sys.argv[1]))'
  return run(python, ['-c', script, name]).trim()
}

function run(command: string, args: readonly string[]): string {
  const { error, status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  if (error !== undefined) throw new Error(`${command} cannot be started: ${error.message}`)
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr.trim().slice(-300)}`)
  return stdout
}
