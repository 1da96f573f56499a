import { isAuditLine, LINE_EXPECTED } from '../budget/raise-words.ts'
import { ConfigError } from '../config/file/config-error.ts'
import { type Command, type ExitCode, type Io, UsageError } from './command.ts'
import { configFlag } from './flags/config-flag.ts'
import { readFlags } from './flags/flags.ts'
import { loginName } from './flags/login-name.ts'
import { create } from './keys/create.ts'
import type { KeyFlags } from './keys/key-flags.ts'
import { list } from './keys/list.ts'
import { revoke } from './keys/revoke.ts'
import { rotate } from './keys/rotate.ts'

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
  --grace TIME    how long a rotated key's old secret keeps working, such as 24h; at most 90d
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

const ABOUT_A_KEY = ['team', 'id', 'expires', 'grace'] as const

interface Action {
  /** The flags it takes, and how that is said of any other argument. */
  readonly flags: readonly (typeof ABOUT_A_KEY)[number][]
  readonly takes: string
  run(flags: KeyFlags, io: Io): ExitCode | Promise<ExitCode>
}

const ACTIONS = {
  create: { flags: ['team', 'id', 'expires'], takes: '--team TEAM [--id ID] [--expires DATE]', run: create },
  rotate: { flags: ['team', 'id', 'grace'], takes: '--team TEAM and --id ID [--grace TIME]', run: rotate },
  list: { flags: ['team'], takes: '[--team TEAM]', run: list },
  revoke: { flags: ['team', 'id'], takes: '--team TEAM and --id ID', run: revoke },
} as const satisfies Readonly<Record<string, Action>>

export const keys: Command = {
  name: 'keys',
  summary: 'create, rotate, list and revoke the keys of teams',
  usage: USAGE,
  async run(args, io) {
    const { action, flags } = parse(args)
    try {
      return await action.run(flags, io)
    } catch (error) {
      if (error instanceof ConfigError) throw new UsageError(error.message)
      throw error
    }
  },
}

function parse(args: readonly string[]): { readonly action: Action; readonly flags: KeyFlags } {
  const { positionals, values } = readFlags(args, { options: OPTIONS, allowPositionals: true })
  const [name, ...rest] = positionals
  if (name === undefined || !isAction(name)) {
    throw new UsageError('expected create, rotate, list or revoke; see trivium keys --help')
  }
  const action: Action = ACTIONS[name]
  const isForeign = ABOUT_A_KEY.some((flag) => values[flag] !== undefined && !action.flags.includes(flag))
  if (rest.length > 0 || isForeign) throw new UsageError(`${name} takes only ${action.takes}`)
  const by = values.by ?? loginName()
  if (!isAuditLine(by)) throw new UsageError(`--by: ${LINE_EXPECTED}`)
  return { action, flags: { ...values, by, config: configFlag(values.config) } }
}

function isAction(text: string): text is keyof typeof ACTIONS {
  return Object.hasOwn(ACTIONS, text)
}
