import { ConfigError } from '../config/file/config-error.ts'
import { StoreError } from '../ledger/store-error.ts'
import { LabelledPromptError } from '../tuning/labelled/labelled-lines.ts'
import { TuningError } from '../tuning/tuning-error.ts'
import { type Command, type ExitCode, type Io, UsageError } from './command.ts'

/** Loaded on demand: `trivium --help` should not wait for a web server. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./serve.ts')).serve,
  demo: async () => (await import('./demo.ts')).demo,
  check: async () => (await import('./check.ts')).check,
  health: async () => (await import('./health.ts')).health,
  drain: async () => (await import('./drain.ts')).drain,
  classify: async () => (await import('./classify.ts')).classify,
  evaluate: async () => (await import('./evaluate.ts')).evaluate,
  train: async () => (await import('./train.ts')).train,
  replay: async () => (await import('./replay.ts')).replay,
  label: async () => (await import('./label.ts')).label,
  candidates: async () => (await import('./candidates.ts')).candidates,
  promote: async () => (await import('./promote.ts')).promote,
  shadow: async () => (await import('./shadow.ts')).shadow,
  rollback: async () => (await import('./rollback.ts')).rollback,
  keys: async () => (await import('./keys.ts')).keys,
  people: async () => (await import('./people.ts')).people,
  raise: async () => (await import('./raise.ts')).raise,
  spend: async () => (await import('./spend.ts')).spend,
  ledger: async () => (await import('./ledger.ts')).ledger,
  backup: async () => (await import('./backup.ts')).backup,
  restore: async () => (await import('./restore.ts')).restore,
  salvage: async () => (await import('./salvage.ts')).salvage,
  export: async () => (await import('./export.ts')).exportRows,
}

/**
 * Runs `trivium` with these arguments. Usage and configuration errors print one line each and exit with code
 * 2.
 */
export async function runCli(args: readonly string[], io: Io): Promise<ExitCode> {
  const [name, ...rest] = args
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const wanted = name === undefined ? io.stderr : io.stdout
    wanted.write(await overview())
    return name === undefined ? 2 : 0
  }
  if (name === '--version') {
    const { version } = await import('../compose/version.ts')
    io.stdout.write(`${version()}\n`)
    return 0
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (load === undefined) {
    io.stderr.write(`trivium: unknown command "${name}"; "trivium --help" lists the commands\n`)
    return 2
  }
  const command = await load()
  if (rest.includes('--help') || rest.includes('-h')) {
    io.stdout.write(command.usage)
    return 0
  }
  try {
    return await command.run(rest, io)
  } catch (error) {
    if (!isExplained(error)) throw error
    const lines = error.message.split('\n').map((line) => `trivium ${name}: ${line}\n`)
    io.stderr.write(lines.join(''))
    return 2
  }
}

/** Errors whose message is meant for the user: one line each, and exit code 2. */
const EXPLAINED = [UsageError, ConfigError, StoreError, LabelledPromptError, TuningError]
const EXPLAINED_CODES = new Set(['EADDRINUSE', 'EADDRNOTAVAIL', 'EACCES', 'ENOTFOUND', 'EAI_AGAIN'])

/**
 * Whether an error tells the user what to fix. Anything else is a bug, and its stack is more useful than a
 * single line.
 */
export function isExplained(error: unknown): error is Error {
  if (!(error instanceof Error)) return false
  if (EXPLAINED.some((kind) => error instanceof kind)) return true
  return 'code' in error && EXPLAINED_CODES.has(String(error.code))
}

async function overview(): Promise<string> {
  const commands = await Promise.all(Object.values(COMMANDS).map((load) => load()))
  const width = Math.max(...commands.map(({ name }) => name.length))
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`)
  return `Usage: trivium COMMAND [OPTIONS]\n\n${lines.join('\n')}\n\nRun "trivium COMMAND --help" for details, "trivium --version" for the version.\n`
}
