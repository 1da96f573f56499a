import { MOST, toUsd } from '../base/money.ts'
import { END_EXPECTED, isAuditLine, isRaiseEnd, LINE_EXPECTED } from '../budget/raise-words.ts'
import { parseDate, parseDuration } from '../config/schema/units.ts'
import { findRaises } from './backends/find-raises.ts'
import type { RaiseBackend } from './backends/raise-backend.ts'
import { type Command, type ExitCode, type Io, UsageError } from './command.ts'
import { readFlags } from './flags/flags.ts'
import { loginName } from './flags/login-name.ts'
import { formatTable } from './terminal/table.ts'

const USAGE = `trivium raise: raise a budget for a limited time

  trivium raise BUDGET --usd N --until TIME --reason TEXT     such as team:research/month or key:research/ci/day
  trivium raise list                                          the raises in force
  trivium raise revoke RAISE --reason TEXT                    end one early
  trivium raise --log                                         every raise so far, and who decided it

  --usd N         dollars added to every window of the budget while the raise is in force
  --until TIME    when it ends: a duration from now (2h, 3d), 2026-11-30 or 2026-11-30T18:00Z
  --reason TEXT   why, for the audit log
  --by NAME       who decides, for the audit log [your login name]; --who means the same
  --config FILE   the configuration (default: config/trivium.yaml here, else trivium.yaml)
  --admin URL     use this admin plane instead of the configuration's
  --json          print JSON

A raise is in force when the command returns, and ends by itself. The command calls the running process's admin plane,
with the token in TRIVIUM_ADMIN_TOKEN, else the configuration's; if none answers, it writes to the store directly.
Exit code 1: no such raise is in force. 2: the arguments, the configuration, the token or the store is invalid.
`

const OPTIONS = {
  usd: { type: 'string' },
  until: { type: 'string' },
  reason: { type: 'string' },
  by: { type: 'string' },
  /** What `--by` was called first. */
  who: { type: 'string' },
  config: { type: 'string' },
  admin: { type: 'string' },
  log: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const

export const raise: Command = {
  name: 'raise',
  summary: 'raise a budget for a limited time; list and revoke raises, and see who decided them',
  usage: USAGE,
  async run(args, io) {
    const { values: flags, positionals } = parse(args)
    const act = actionOf(positionals, flags)
    const backend = await findRaises(flags, io.env)
    try {
      return await act(backend, io)
    } finally {
      await backend.close()
    }
  },
}

function parse(args: readonly string[]) {
  return readFlags(args, { options: OPTIONS, allowPositionals: true })
}

type Flags = ReturnType<typeof parse>['values']
type Action = (backend: RaiseBackend, io: Io) => Promise<ExitCode>

function actionOf(words: readonly string[], flags: Flags): Action {
  const [first, second, third] = words
  if (flags.log && first === undefined) return (backend, io) => printLog(backend, flags, io)
  if (flags.log) throw new UsageError('--log takes no other argument')
  if (first === undefined) throw new UsageError('expected a budget, list, revoke or --log; see --help')
  if (first === 'revoke' && second !== undefined && third === undefined) return revoking(second, flags)
  if (first === 'revoke')
    throw new UsageError('revoke takes the id of one raise; trivium raise list shows them')
  if (second !== undefined) throw new UsageError(`expected nothing after ${first}, not ${second}`)
  return first === 'list' ? (backend, io) => printList(backend, flags, io) : granting(first, flags)
}

function granting(budget: string, flags: Flags): Action {
  const wish = { budget, usd: usdFlag(flags.usd), until: untilFlag(flags.until), ...whyFlags(flags) }
  return async (backend, { stdout, stderr }) => {
    const granted = await backend.grant(wish)
    const { id, usd, until } = granted
    if (flags.json) stdout.write(`${JSON.stringify(granted)}\n`)
    else {
      stdout.write(`${id}\n`)
      stderr.write(`${granted.budget} is raised by ${usd} USD until ${until}: ${backend.effect}\n`)
    }
    return 0
  }
}

function revoking(id: string, flags: Flags): Action {
  const why = whyFlags(flags)
  return async (backend, { stdout, stderr }) => {
    const revoked = await backend.revoke(id, why)
    if (flags.json) stdout.write(`${JSON.stringify({ id, revoked: revoked !== undefined })}\n`)
    else if (revoked === undefined) stderr.write(`no raise ${id} is in force\n`)
    else stderr.write(`${id}, ${revoked.usd} USD for ${revoked.budget}, is revoked: ${backend.effect}\n`)
    return revoked === undefined ? 1 : 0
  }
}

async function printList(backend: RaiseBackend, { json }: Flags, { stdout, stderr }: Io): Promise<ExitCode> {
  const raises = await backend.list()
  if (json) for (const each of raises) stdout.write(`${JSON.stringify(each)}\n`)
  else if (raises.length === 0) stderr.write('no raise is in force\n')
  else {
    const columns = ['raise', 'budget', 'USD', 'until', 'who', 'reason'].map((heading) => ({ heading }))
    const rows = raises.map(({ id, budget, usd, until, who, reason }) => [
      ...[id, budget, String(usd), until, who, reason],
    ])
    stdout.write(formatTable(columns, rows))
  }
  return 0
}

async function printLog(backend: RaiseBackend, { json }: Flags, { stdout, stderr }: Io): Promise<ExitCode> {
  const entries = await backend.log()
  if (json) for (const each of entries) stdout.write(`${JSON.stringify(each)}\n`)
  else if (entries.length === 0) stderr.write('no budget has ever been raised here\n')
  else {
    const names = ['at', 'action', 'raise', 'budget', 'USD', 'until', 'who', 'via', 'reason']
    const rows = entries.map(({ at, action, raise, budget, usd, until, who, via, reason }) => [
      ...[at, action, raise, budget, String(usd), until, who, via, reason],
    ])
    stdout.write(
      formatTable(
        names.map((heading) => ({ heading })),
        rows,
      ),
    )
  }
  return 0
}

function usdFlag(text: string | undefined): number {
  const usd = /^\d+(?:\.\d{1,9})?$/.test(text ?? '') ? Number(text) : 0
  if (usd > 0 && usd <= toUsd(MOST)) return usd
  throw new UsageError('--usd: expected dollars above 0, such as 50 or 0.25')
}

function untilFlag(text: string | undefined): number {
  const now = Date.now()
  const away = text === undefined ? undefined : parseDuration(text)
  const until = away === undefined ? parseDate(text ?? '') : now + away
  if (until === undefined) throw new UsageError('--until: expected 2h, 2026-11-30 or 2026-11-30T18:00Z')
  if (!isRaiseEnd(until, now)) throw new UsageError(`--until ${text}: ${END_EXPECTED}`)
  return until
}

function whyFlags(flags: Flags): { readonly reason: string; readonly who: string } {
  const { reason, by, who: alias } = flags
  if (by !== undefined && alias !== undefined) throw new UsageError('--by and --who are the same; give one')
  const who = by ?? alias ?? loginName()
  if (reason === undefined) throw new UsageError('--reason is missing')
  if (!isAuditLine(reason)) throw new UsageError(`--reason: ${LINE_EXPECTED}`)
  if (!isAuditLine(who)) throw new UsageError(`--by: ${LINE_EXPECTED}`)
  return { reason, who }
}
