import type { Note } from '../budget/audit.ts'
import { isAuditLine, LINE_EXPECTED } from '../budget/raise-words.ts'
import { ConfigError } from '../config/file/config-error.ts'
import { readKeys } from '../config/file/key-file.ts'
import { suggest } from '../config/file/nearest.ts'
import { parseDate, parseDuration } from '../config/schema/units.ts'
import { createKey, faultIn, type MadeKey, renewKey, revokeKey } from '../desk/key-desk.ts'
import { type Command, type ExitCode, type Io, UsageError } from './command.ts'
import { configFlag } from './flags/config-flag.ts'
import { readFlags } from './flags/flags.ts'
import { loginName } from './flags/login-name.ts'
import { noteKey } from './pages/key-note.ts'

const USAGE = `Usage: trivium keys create --team TEAM [--id ID] [--expires DATE]
       trivium keys rotate --team TEAM --id ID [--grace 24h]
       trivium keys list [--team TEAM]
       trivium keys revoke --team TEAM --id ID

"create" makes a key, writes its SHA-256 into the configuration and prints the key; it is never shown again. The rest of
the file stays as it is, and a running server picks up the change by itself. "rotate" gives a key a new secret under the
same name, with the same budgets and limits. The old secret keeps working for the grace period, or stops at once without
one; a secret that an earlier rotation replaced stops at once.
All three changes are recorded in the audit log, which is part of the ledger that the configuration names. If there is
no ledger yet, a line on stderr says that the change is not recorded.

  --team TEAM     a team in the configuration
  --id ID         the key's name in the ledger (default: a new one)
  --expires DATE  the key is refused from the start of this day (UTC), such as 2027-01-01
  --grace TIME    how long a rotated key's old secret keeps working, such as 24h
  --by NAME       who is making the change, for the audit log (default: your login name)
  --config FILE   the configuration (default: config/trivium.yaml here, else trivium.yaml)
  --json          print JSON
`

const OPTIONS = {
  config: { type: 'string' },
  team: { type: 'string' },
  id: { type: 'string' },
  expires: { type: 'string' },
  grace: { type: 'string' },
  by: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

interface Flags {
  readonly config: string
  readonly team?: string
  readonly id?: string
  readonly expires?: string
  readonly grace?: string
  /** Who makes the change, for the audit. */
  readonly by: string
  readonly json: boolean
}

export const keys: Command = {
  name: 'keys',
  summary: 'create, rotate, list and revoke the keys of teams',
  usage: USAGE,
  async run(args, io) {
    const { action, flags } = parse(args)
    try {
      return await ACTIONS[action](flags, io)
    } catch (error) {
      if (error instanceof ConfigError) throw new UsageError(error.message)
      throw error
    }
  },
}

const ACTIONS = { create, rotate, list, revoke }

const TAKES = {
  create: '--team TEAM [--id ID] [--expires DATE]',
  rotate: '--team TEAM and --id ID [--grace TIME]',
  list: '[--team TEAM]',
  revoke: '--team TEAM and --id ID',
}

function parse(args: readonly string[]): { action: keyof typeof ACTIONS; flags: Flags } {
  const { positionals, values } = readFlags(args, { options: OPTIONS, allowPositionals: true })
  const [action, ...rest] = positionals
  if (action === undefined || !isAction(action)) {
    throw new UsageError('expected create, rotate, list or revoke; see trivium keys --help')
  }
  if (rest.length > 0) throw new UsageError(`${action} takes only ${TAKES[action]}`)
  const by = values.by ?? loginName()
  if (!isAuditLine(by)) throw new UsageError(`--by: ${LINE_EXPECTED}`)
  return { action, flags: { ...values, by, config: configFlag(values.config) } }
}

async function create(flags: Flags, io: Io): Promise<ExitCode> {
  const wish = { team: required(flags, 'team'), id: flags.id, expires: flags.expires }
  const fault = faultIn(wish)
  if (fault !== undefined) throw new UsageError(`--${fault}`)
  const made = createKey(flags.config, wish)
  show(made, flags, io)
  const detail = flags.expires === undefined ? '' : `until ${flags.expires}`
  await note(flags, io, 'key_created', `${made.team}/${made.id}`, detail)
  return 0
}

/** Without `--grace` the old key stops working at once. */
async function rotate(flags: Flags, io: Io): Promise<ExitCode> {
  const [team, id] = [required(flags, 'team'), required(flags, 'id')]
  const graceMs = flags.grace === undefined ? 0 : parseDuration(flags.grace)
  if (graceMs === undefined) throw new UsageError('--grace: expected a duration such as 24h')
  const oldServesUntil = graceMs === 0 ? undefined : new Date(Date.now() + graceMs).toISOString()
  const renewed = renewKey(flags.config, { team, id, oldServesUntil })
  if (renewed === undefined) {
    io.stderr.write(`no key ${team}/${id} in ${flags.config}\n`)
    return 1
  }
  const rotated = { ...renewed, old_serves_until: oldServesUntil ?? null }
  show(rotated, flags, io)
  io.stderr.write(
    oldServesUntil === undefined
      ? 'the old secret stops working now\n'
      : `the old secret works until ${oldServesUntil}\n`,
  )
  const detail = `the old one until ${oldServesUntil ?? new Date().toISOString()}`
  await note(flags, io, 'key_rotated', `${team}/${id}`, detail)
  return 0
}

function show(made: Pick<MadeKey, 'team' | 'id' | 'key'>, { json, config }: Flags, io: Io): void {
  if (json) io.stdout.write(`${JSON.stringify(made)}\n`)
  else {
    io.stdout.write(`${made.key}\n`)
    io.stderr.write(`key ${made.team}/${made.id}: not shown again; ${config} keeps only its SHA-256\n`)
  }
}

function list(flags: Flags, io: Io): ExitCode {
  const teams = readKeys(flags.config)
  if (flags.team !== undefined && !teams.has(flags.team)) {
    throw new UsageError(`unknown team "${flags.team}"${suggest(flags.team, teams.keys())}`)
  }
  const rows = [...teams]
    .filter(([team]) => flags.team === undefined || team === flags.team)
    .flatMap(([team, held]) =>
      held.map(({ id, sha256, expires }) => {
        const expired =
          expires !== undefined && (parseDate(expires) ?? Number.POSITIVE_INFINITY) <= Date.now()
        return { team, id, sha256, expires: expires ?? null, expired }
      }),
    )
  if (flags.json) for (const row of rows) io.stdout.write(`${JSON.stringify(row)}\n`)
  else {
    const width = Math.max(0, ...rows.map(({ team, id }) => team.length + id.length + 1))
    for (const { team, id, sha256, expires, expired } of rows) {
      const until = expires === null ? 'does not expire' : `${expired ? 'expired' : 'until'} ${expires}`
      io.stdout.write(`${`${team}/${id}`.padEnd(width)}  ${sha256.slice(0, 12)}…  ${until}\n`)
    }
    if (rows.length === 0) io.stderr.write('no keys; create one with: trivium keys create --team TEAM\n')
  }
  return 0
}

async function revoke(flags: Flags, io: Io): Promise<ExitCode> {
  const team = required(flags, 'team')
  const id = required(flags, 'id')
  const removed = revokeKey(flags.config, team, id)
  if (flags.json) io.stdout.write(`${JSON.stringify({ team, id, revoked: removed })}\n`)
  else
    io.stderr.write(removed ? `key ${team}/${id} is revoked\n` : `no key ${team}/${id} in ${flags.config}\n`)
  if (removed) await note(flags, io, 'key_revoked', `${team}/${id}`, '')
  return removed ? 0 : 1
}

function note({ config, by }: Flags, io: Io, action: Note['action'], subject: string, detail: string) {
  return noteKey(config, { who: by, action, subject, detail }, io)
}

function isAction(text: string): text is keyof typeof ACTIONS {
  return Object.hasOwn(ACTIONS, text)
}

function required(flags: Flags, name: 'team' | 'id'): string {
  const value = flags[name]
  if (value === undefined) throw new UsageError(`--${name} is missing`)
  return value
}
