import { z } from 'zod'
import { isPromptClass, PROMPT_CLASSES } from '../base/prompt-class.ts'
import type { LabelBook, Labelling, Said } from '../budget/label-book.ts'
import { isAuditLine, LINE_EXPECTED } from '../budget/raise-words.ts'
import { suggest } from '../config/file/nearest.ts'
import { linesOf } from '../tuning/lines.ts'
import { type Command, type ExitCode, type Io, UsageError } from './command.ts'
import { readFlags } from './flags/flags.ts'
import { loginName } from './flags/login-name.ts'
import { momentFlag } from './flags/since-flag.ts'
import { openLabels, openReview } from './flags/store-flag.ts'
import { labelEntries, worthyRows } from './pages/label-page.ts'
import { worthiest } from './pages/label-queue.ts'

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
or the store is invalid; nothing is labelled.
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
    const { values: flags, positionals } = parse(args)
    const { by = loginName(), next } = flags
    if (!isAuditLine(by)) throw new UsageError(`--by: ${LINE_EXPECTED}`)
    if (next !== undefined) return listNext(next, positionals, flags, io)
    if (flags.log) return printLog(positionals, flags, io)
    const wanted = flags.jsonl ? await wantedLines(positionals, io) : [wantedOf(positionals, flags.undo)]
    const book = await openLabels(flags, io.env)
    try {
      return await labelAll(book, wanted, by, flags.json, io)
    } finally {
      await book.close()
    }
  },
}

function parse(args: readonly string[]) {
  return readFlags(args, { options: OPTIONS, allowPositionals: true })
}

type Flags = ReturnType<typeof parse>['values']
type Wanted = Pick<Labelling, 'id' | 'label'>

function wantedOf([id, text, more]: readonly string[], undo: boolean): Wanted {
  if (id === undefined) throw new UsageError('expected the ID of a request and its class; see --help')
  if (undo && text === undefined) return { id, label: 'undo' }
  if (undo || more !== undefined) throw new UsageError(`expected nothing after ${undo ? id : text}`)
  if (text === undefined) throw new UsageError(`expected a class after ${id}: ${CLASSES.join(', ')}`)
  return { id, label: saidOf(text, '') }
}

const CLASSES: readonly string[] = [...PROMPT_CLASSES, 'none']

function saidOf(text: string, where: string): Said {
  if (isPromptClass(text) || text === 'none') return text
  throw new UsageError(
    `${where}unknown class "${text}"${suggest(text, CLASSES)}; expected ${CLASSES.join(', ')}`,
  )
}

const Line = z.looseObject({ id: z.string(), label: z.string().nullable() })

async function wantedLines(positionals: readonly string[], io: Io): Promise<readonly Wanted[]> {
  if (positionals.length > 0) throw new UsageError('--jsonl reads standard input and takes no other argument')
  const wanted: Wanted[] = []
  let number = 0
  for await (const line of linesOf(io.stdin)) {
    number += 1
    if (line.trim() !== '') wanted.push(wantedIn(line, `standard input:${number}: `))
  }
  return wanted
}

function wantedIn(line: string, where: string): Wanted {
  let json: unknown
  try {
    json = JSON.parse(line)
  } catch {
    throw new UsageError(`${where}is not JSON`)
  }
  const parsed = Line.safeParse(json)
  if (!parsed.success) throw new UsageError(`${where}needs "id" and "label"`)
  return { id: parsed.data.id, label: saidOf(parsed.data.label ?? 'none', where) }
}

async function labelAll(
  book: LabelBook,
  wanted: readonly Wanted[],
  who: string,
  json: boolean,
  { stdout, stderr }: Io,
): Promise<ExitCode> {
  let missing = 0
  for (const { id, label } of wanted) {
    const entry = await book.label({ id, label, who, at: Date.now() })
    if (typeof entry === 'string') {
      missing += 1
      const why = entry === 'no_row' ? `no row has the id ${id}` : `${id} was never labelled`
      stderr.write(`trivium label: ${why}\n`)
    } else if (json) stdout.write(`${JSON.stringify(entry)}\n`)
    else if (wanted.length === 1)
      stdout.write(`${id}: ${entry.label ?? 'no label'} (before: ${entry.before ?? 'no label'})\n`)
  }
  if (wanted.length > 1 && !json) stdout.write(`${wanted.length - missing} of ${wanted.length} labelled\n`)
  return missing === 0 ? 0 : 1
}

async function printLog([id, more]: readonly string[], flags: Flags, io: Io): Promise<ExitCode> {
  if (id === undefined || more !== undefined) throw new UsageError('--log takes the ID of one request')
  const book = await openLabels(flags, io.env)
  try {
    const entries = await book.entries(id)
    io.stdout.write(labelEntries(entries, flags.json))
    if (entries.length === 0) io.stderr.write(`trivium label: ${id} was never labelled\n`)
    return entries.length === 0 ? 1 : 0
  } finally {
    await book.close()
  }
}

async function listNext(
  text: string,
  positionals: readonly string[],
  flags: Flags,
  io: Io,
): Promise<ExitCode> {
  if (!/^[1-9]\d{0,4}$/.test(text) || positionals.length > 0)
    throw new UsageError(`--next ${text}: expected a number up to 99999, and no other argument`)
  const since = momentFlag('--since', flags.since, Date.now())
  const views = await openReview(flags, io.env)
  try {
    const wait = () => {
      if (io.stderr.isTTY) io.stderr.write('counting the rows of that period; this happens only once\n')
    }
    const rows = await worthiest(views, { team: flags.team, since: since ?? 0 }, Number(text), wait)
    io.stdout.write(worthyRows(rows, flags.json))
    return 0
  } finally {
    await views.close()
  }
}
