import { PROMPT_CLASSES } from '../base/prompt-class.ts'
import { isAuditLine, LINE_EXPECTED } from '../budget/raise-words.ts'
import { type Command, type ExitCode, UsageError } from './command.ts'
import { readFlags } from './flags/flags.ts'
import { loginName } from './flags/login-name.ts'
import { giveLabels } from './label/give.ts'
import { printHistory } from './label/history.ts'
import { listNext } from './label/next.ts'
import { linesWanted, undoWanted, wantedOf } from './label/wanted.ts'

const USAGE = `trivium label: record the right class of a request, for training and evaluation

  trivium label ID CLASS                  ${PROMPT_CLASSES.join(', ')}, or none
  trivium label ID --undo                 restore the previous label; again: redo
  trivium label ID --log                  who labelled it how, and when
  trivium label --jsonl < FILE            one {"id", "label"} per line from standard input
  trivium label --next N                  what to label next: least certain and most expensive first

  --by NAME       who is labelling [your login name]
  --since WHEN    with --next, only requests since then: a duration back from now, or a date [7d]
  --team TEAM     with --next, only this team's requests
  --store STORE   the ledger's file or postgres:// URL [the configuration's, else data/trivium.db]
  --config FILE   take the store from this configuration
  --json          print one JSON object per line

Safe while a server is running. Every change is recorded in an append-only audit log. With --jsonl, all input is read
and checked before the first label is written.
Exit code 1: some IDs have no row, or there is nothing to undo; all others are labelled. 2: the arguments, an input line
or the store is invalid; nothing is labelled, or, if the store fails halfway, as many as stderr says.
`

const OPTIONS = {
  by: { type: 'string' },
  jsonl: { type: 'boolean', default: false },
  undo: { type: 'boolean', default: false },
  log: { type: 'boolean', default: false },
  next: { type: 'string' },
  since: { type: 'string', default: '7d' },
  team: { type: 'string' },
  store: { type: 'string' },
  config: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

export const label: Command = {
  name: 'label',
  summary: 'record the right class of requests, and list what to label next',
  usage: USAGE,
  async run(args, io): Promise<ExitCode> {
    const { values, positionals } = readFlags(args, { options: OPTIONS, allowPositionals: true })
    const flags = { ...values, by: values.by ?? loginName() }
    if (!isAuditLine(flags.by)) throw new UsageError(`--by: ${LINE_EXPECTED}`)
    if (flags.next !== undefined) return listNext(flags.next, positionals, flags, io)
    if (flags.log) return printHistory(positionals, flags, io)
    if (flags.jsonl) return giveLabels(await linesWanted(positionals, io.stdin), flags, io)
    return giveLabels([flags.undo ? undoWanted(positionals) : wantedOf(positionals)], flags, io)
  },
}
