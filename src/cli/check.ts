import type { Target } from '../base/target.ts'
import { type Configuration, readConfiguration } from '../config/configuration.ts'
import { ConfigError, formatProblem, type Problem } from '../config/file/config-error.ts'
import { editorSchema } from '../config/schema/editor-schema.ts'
import { formatDate } from '../config/schema/units.ts'
import { warningsOf } from '../config/warnings.ts'
import { askModels, type Reachability } from '../upstream/model-list.ts'
import { type Command, type Io, UsageError } from './command.ts'
import { configFlag } from './flags/config-flag.ts'
import { readFlags } from './flags/flags.ts'
import { checkLedger, type LedgerReport, ledgerLines } from './ledger-check.ts'

const USAGE = `Usage: trivium check [--config FILE] [--offline] [--ledger] [--json]
       trivium check --print-schema

Checks that the configuration is valid, that its prices are known, that its models are still offered and that its
upstreams answer. Warnings do not change the exit code.
Exit code 0: all is well. 1: an upstream does not answer or refuses its key, or the ledger has problems. 2: the
configuration is invalid.

  --config FILE   the configuration (default: config/trivium.yaml here, else trivium.yaml)
  --offline       do not contact any upstream
  --ledger        also read the whole ledger: check that its store is undamaged and that every sum matches its rows.
                  Takes a minute or more for ten million rows; safe while a server is running
  --json          print {"ok", "errors", "warnings", "upstreams", "ledger"}
  --print-schema  print the JSON schema of the configuration file, for editors
`

const OPTIONS = {
  config: { type: 'string' },
  offline: { type: 'boolean', default: false },
  ledger: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  'print-schema': { type: 'boolean', default: false },
} as const

interface Report {
  readonly ok: boolean
  readonly errors: readonly string[]
  readonly warnings: readonly string[]
  readonly upstreams: readonly Pick<Reachability, 'upstream' | 'ok' | 'detail'>[]
  /** Absent unless requested. */
  readonly ledger?: LedgerReport
}

export const check: Command = {
  name: 'check',
  summary: 'check the configuration, prices, shutdown dates and upstreams',
  usage: USAGE,
  async run(args, io) {
    const flags = readFlags(args, { options: OPTIONS }).values
    if (flags['print-schema']) {
      io.stdout.write(editorSchema())
      return 0
    }
    const read = tryRead(configFlag(flags.config), io)
    if (!('config' in read)) {
      if (!flags.json) throw new UsageError(read.errors.join('\n'))
      print(io, { ok: false, errors: read.errors, warnings: [], upstreams: [] })
      return 2
    }
    const answers = flags.offline
      ? []
      : await Promise.all(read.process.upstreams.map((one) => askModels(one)))
    const now = Date.now()
    const problems = [...warningsOf(read.config, read.runtime, now), ...warningsOfLists(read, answers, now)]
    const warnings = problems.map(formatProblem)
    const upstreams = answers.map(({ upstream, ok, detail }) => ({ upstream, ok, detail }))
    const ledger = flags.ledger ? await checkLedger(configFlag(flags.config), io) : undefined
    const ok = upstreams.every((answer) => answer.ok) && ledger?.ok !== false
    const report = { ok, errors: [], warnings, upstreams, ...(ledger !== undefined && { ledger }) }
    if (flags.json) print(io, report)
    else tell(io, read, report)
    return ok ? 0 : 1
  },
}

function tryRead(file: string, io: Io): Configuration | { readonly errors: readonly string[] } {
  try {
    return readConfiguration(file, io.env)
  } catch (error) {
    if (error instanceof ConfigError) return { errors: error.problems.map(formatProblem) }
    throw error
  }
}

/** What the upstreams' own model lists say about the models that routes name. */
function warningsOfLists(
  { config, runtime }: Configuration,
  answers: readonly Reachability[],
  now: number,
): readonly Problem[] {
  const lists = new Map(answers.map(({ upstream, models }) => [upstream, models]))
  const routed = Object.entries(runtime.routes).flatMap(([route, targets]) =>
    targets.map((target, index) => ({ target, path: ['routes', route, index] })),
  )
  return routed.flatMap(({ target, path }) => {
    const listed = lists.get(target.upstream)
    if (listed === undefined) return []
    if (!listed.has(target.sentModel)) {
      return [config.problemAt(path, `upstream ${target.upstream} does not list ${target.sentModel}`)]
    }
    const at = listed.get(target.sentModel)
    if (at === undefined || at === target.shutdownAt) return []
    const says = at > now ? 'will shut' : 'says that it shut'
    const said = `upstream ${target.upstream} ${says} ${target.sentModel} down on ${formatDate(at)}`
    return [config.problemAt(path, `${said}; ${knownEnd(target, config)}`)]
  })
}

/** What is known of a model's end without asking its upstream. */
function knownEnd({ model, shutdownAt, stays }: Target, { settings }: Configuration['config']): string {
  if (stays) return 'the configuration says never, which counts'
  if (shutdownAt === undefined) return 'the catalogue has no date'
  const source = settings.models[model]?.shutdown === undefined ? 'catalogue' : 'configuration'
  return `the ${source} has ${formatDate(shutdownAt)}`
}

function print(io: Io, report: Report): void {
  io.stdout.write(`${JSON.stringify(report)}\n`)
}

function tell(io: Io, { config, runtime }: Configuration, report: Report): void {
  const teams = Object.keys(config.settings.teams).length
  const keys = Object.values(config.settings.teams).reduce((sum, team) => sum + team.keys.length, 0)
  const counts = `${count(runtime.targets.size, 'model')}, ${count(teams, 'team')}, ${count(keys, 'key')}`
  io.stdout.write(`${config.files.config}: valid (${counts})\n`)
  const { version } = config.tuning
  if (version !== null)
    io.stdout.write(
      `candidate ${version} is promoted: its rules and weights are in force, not the configuration's\n`,
    )
  for (const warning of report.warnings) io.stdout.write(`warning: ${warning}\n`)
  for (const { upstream, ok, detail } of report.upstreams) {
    io.stdout.write(`upstream ${upstream}: ${ok ? '' : 'FAILS, '}${detail}\n`)
  }
  if (report.ledger !== undefined) for (const line of ledgerLines(report.ledger)) io.stdout.write(`${line}\n`)
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`
}
