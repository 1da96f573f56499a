import { readKeys } from '../../config/file/key-file.ts'
import { suggest } from '../../config/file/nearest.ts'
import { parseDate } from '../../config/schema/units.ts'
import { type ExitCode, type Io, UsageError } from '../command.ts'
import type { KeyFlags } from './key-flags.ts'

interface ListedKey {
  readonly team: string
  readonly id: string
  readonly sha256: string
  readonly expires: string | null
  readonly expired: boolean
}

/** Prints the keys in the configuration, of one team or all. Nothing of a secret is left to print. */
export function list(flags: KeyFlags, io: Io): ExitCode {
  const listed = listedKeys(flags)
  if (flags.json) for (const each of listed) io.stdout.write(`${JSON.stringify(each)}\n`)
  else printTable(listed, io)
  return 0
}

function listedKeys({ config, team: only }: KeyFlags): readonly ListedKey[] {
  const teams = readKeys(config)
  if (only !== undefined && !teams.has(only)) {
    throw new UsageError(`unknown team "${only}"${suggest(only, teams.keys())}`)
  }
  return [...teams]
    .filter(([team]) => only === undefined || team === only)
    .flatMap(([team, held]) =>
      held.map(({ id, sha256, expires }) => {
        const expired =
          expires !== undefined && (parseDate(expires) ?? Number.POSITIVE_INFINITY) <= Date.now()
        return { team, id, sha256, expires: expires ?? null, expired }
      }),
    )
}

function printTable(listed: readonly ListedKey[], { stdout, stderr }: Io): void {
  const width = Math.max(0, ...listed.map(({ team, id }) => team.length + id.length + 1))
  for (const { team, id, sha256, expires, expired } of listed) {
    const until = expires === null ? 'does not expire' : `${expired ? 'expired' : 'until'} ${expires}`
    stdout.write(`${`${team}/${id}`.padEnd(width)}  ${sha256.slice(0, 12)}…  ${until}\n`)
  }
  if (listed.length === 0) stderr.write('no keys; create one with: trivium keys create --team TEAM\n')
}
