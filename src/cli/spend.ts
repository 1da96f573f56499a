import { formatUsd, MOST, nanoUsd } from '../base/money.ts'
import { isGrouping, type SpendLine } from '../ledger/reader.ts'
import { type Command, UsageError } from './command.ts'
import { readFlags } from './flags/flags.ts'
import { sinceFlag } from './flags/span-flags.ts'
import { openReader } from './flags/store-flag.ts'
import { noteWholeHours } from './pages/kept-note.ts'
import { formatTable } from './terminal/table.ts'

const USAGE = `trivium spend: what was spent, and what the same tokens would have cost on the reference model

  trivium spend [--by team|key|model|class|day] [--team TEAM] [--since 7d|2026-11-01] [--json]

  --by WHAT       one line per team, key, model, class or day (UTC) [team]
  --team TEAM     only this team's requests
  --since WHEN    only requests since then: a duration back from now, or a date
  --store STORE   the ledger's file or postgres:// URL [the configuration's, else data/trivium.db]
  --config FILE   take the store from this configuration
  --json          print one JSON object per line; money in nano-dollars

Sums outlive the rows that \`store.retain\` deletes. For that older period only whole hours are known; a note on stderr
says so. Read-only, and safe while a server is running. Exit code 2: the store does not exist or cannot be read.
`

const OPTIONS = {
  by: { type: 'string', default: 'team' },
  team: { type: 'string' },
  since: { type: 'string' },
  store: { type: 'string' },
  config: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

export const spend: Command = {
  name: 'spend',
  summary: 'what was spent, by team, key, model, class or day, and what was saved',
  usage: USAGE,
  async run(args, io) {
    const flags = parse(args)
    if (!isGrouping(flags.by))
      throw new UsageError(`--by ${flags.by}: expected team, key, model, class or day`)
    const filter = { team: flags.team, since: sinceFlag(flags.since, Date.now()) }
    const reader = await openReader(flags, io.env)
    try {
      await noteWholeHours(reader, filter, io)
      const lines = await reader.spend(flags.by, filter)
      if (flags.json) for (const line of lines) io.stdout.write(`${JSON.stringify(jsonOf(flags.by, line))}\n`)
      else io.stdout.write(lines.length === 0 ? 'no requests\n' : table(flags.by, lines))
      return 0
    } finally {
      await reader.close()
    }
  },
}

function parse(args: readonly string[]) {
  return readFlags(args, { options: OPTIONS }).values
}

function jsonOf(by: string, { group, ...sums }: SpendLine) {
  return { [by]: group, ...sums, saved_nusd: sums.baseline_nusd - sums.cost_nusd }
}

function table(by: string, lines: readonly SpendLine[]): string {
  const total = lines.reduce((sum, line) => ({
    group: 'total',
    requests: sum.requests + line.requests,
    input_tokens: sum.input_tokens + line.input_tokens,
    output_tokens: sum.output_tokens + line.output_tokens,
    cost_nusd: sum.cost_nusd + line.cost_nusd,
    baseline_nusd: sum.baseline_nusd + line.baseline_nusd,
  }))
  const all = lines.length === 1 ? lines : [...lines, { ...total, group: 'total' }]
  const columns = ['requests', 'tokens in', 'tokens out', 'cost USD', 'baseline USD', 'saved USD', 'saved']
  return formatTable(
    [{ heading: by }, ...columns.map((heading) => ({ heading, right: true }))],
    all.map((line) => [
      line.group,
      grouped(line.requests),
      grouped(line.input_tokens),
      grouped(line.output_tokens),
      usd(line.cost_nusd),
      usd(line.baseline_nusd),
      usd(line.baseline_nusd - line.cost_nusd),
      line.baseline_nusd === 0 ? '–' : `${((1 - line.cost_nusd / line.baseline_nusd) * 100).toFixed(1)} %`,
    ]),
  )
}

function grouped(count: number): string {
  return count.toLocaleString('en-US')
}

/**
 * Six decimals: a microdollar is a few tokens. `--json` has all nine. A sum over groups can exceed the exact
 * range.
 */
function usd(nano: number): string {
  return formatUsd(nanoUsd(Math.min(MOST, nano))).slice(0, -3)
}
