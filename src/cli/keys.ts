import { createHash, randomBytes } from 'node:crypto'
import { ConfigError } from '../config/config-error.ts'
import { addKey, readKeys, removeKey } from '../config/key-file.ts'
import { suggest } from '../config/nearest.ts'
import { NAME, NAME_EXPECTED } from '../config/team-schema.ts'
import { parseDate } from '../config/units.ts'
import { type Command, type ExitCode, type Io, UsageError } from './command.ts'
import { configFlag } from './config-flag.ts'
import { readFlags } from './flags.ts'

const USAGE = `Usage: trivium keys create --team TEAM [--id ID] [--expires DATE]
       trivium keys list [--team TEAM]
       trivium keys revoke --team TEAM --id ID

Creating makes a key, writes its SHA-256 into the configuration and prints the key, this once. Everything else in the
file stays as it was. A running server takes the change over by itself.

  --team TEAM     a team of the configuration
  --id ID         the key's name in the ledger (default: a new one)
  --expires DATE  such as 2027-01-01: the key is refused from that day on, UTC
  --config FILE   the configuration (default: config/trivium.yaml)
  --json          print JSON
`

const OPTIONS = {
  config: { type: 'string' },
  team: { type: 'string' },
  id: { type: 'string' },
  expires: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

interface Flags {
  readonly config: string
  readonly team?: string
  readonly id?: string
  readonly expires?: string
  readonly json: boolean
}

export const keys: Command = {
  name: 'keys',
  summary: 'Create, list and revoke the keys of teams',
  usage: USAGE,
  async run(args, io) {
    const { action, flags } = parse(args)
    try {
      return ACTIONS[action](flags, io)
    } catch (error) {
      if (error instanceof ConfigError) throw new UsageError(error.message)
      throw error
    }
  },
}

const ACTIONS = { create, list, revoke }

const TAKES = {
  create: '--team TEAM [--id ID] [--expires DATE]',
  list: '[--team TEAM]',
  revoke: '--team TEAM and --id ID',
}

function parse(args: readonly string[]): { action: keyof typeof ACTIONS; flags: Flags } {
  const { positionals, values } = readFlags(args, { options: OPTIONS, allowPositionals: true })
  const [action, ...rest] = positionals
  if (action !== 'create' && action !== 'list' && action !== 'revoke') {
    throw new UsageError('expected create, list or revoke; see trivium keys --help')
  }
  if (rest.length > 0) throw new UsageError(`${action} takes ${TAKES[action]}, and nothing else`)
  return { action, flags: { ...values, config: configFlag(values.config) } }
}

function create(flags: Flags, io: Io): ExitCode {
  const team = required(flags, 'team')
  if (flags.expires !== undefined && parseDate(flags.expires) === undefined) {
    throw new UsageError('--expires: expected a date such as 2027-01-01')
  }
  const id = flags.id ?? `key-${randomBytes(4).toString('hex')}`
  if (!NAME.test(id)) throw new UsageError(`--id: ${NAME_EXPECTED}`)
  const key = `sk-trivium-${randomBytes(32).toString('base64url')}`
  const sha256 = createHash('sha256').update(key).digest('hex')
  addKey(flags.config, team, { id, sha256, ...(flags.expires !== undefined && { expires: flags.expires }) })
  if (flags.json) io.stdout.write(`${JSON.stringify({ team, id, key, expires: flags.expires ?? null })}\n`)
  else {
    io.stdout.write(`${key}\n`)
    io.stderr.write(`key ${team}/${id}: shown this once; ${flags.config} keeps only its SHA-256\n`)
  }
  return 0
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
    if (rows.length === 0) io.stderr.write('no keys; make one: trivium keys create --team TEAM\n')
  }
  return 0
}

function revoke(flags: Flags, io: Io): ExitCode {
  const team = required(flags, 'team')
  const id = required(flags, 'id')
  const removed = removeKey(flags.config, team, id)
  if (flags.json) io.stdout.write(`${JSON.stringify({ team, id, revoked: removed })}\n`)
  else
    io.stderr.write(removed ? `key ${team}/${id} is revoked\n` : `no key ${team}/${id} in ${flags.config}\n`)
  return removed ? 0 : 1
}

function required(flags: Flags, name: 'team' | 'id'): string {
  const value = flags[name]
  if (value === undefined) throw new UsageError(`--${name} is missing`)
  return value
}
