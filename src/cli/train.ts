import { wordsKept } from '../capture/kept-prompt.ts'
import type { LabelledPrompt } from '../tuning/labelled/labelled-prompts.ts'
import { type LabelledRows, readLabelledRows } from '../tuning/labelled/labelled-rows.ts'
import { LOG } from '../tuning/training/importance.ts'
import { openTuning, personOf, TUNING_OPTIONS } from './backends/tuning-context.ts'
import { type Command, type ExitCode, type Io, UsageError } from './command.ts'
import { CLASSIFIER_OPTIONS } from './files/classifier-files.ts'
import { checkOutput } from './files/output-file.ts'
import { readFlags } from './flags/flags.ts'
import { spanFlags } from './flags/span-flags.ts'
import { openReader } from './flags/store-flag.ts'
import { LEAST_LABELS, trainOnLabels } from './train/labels.ts'
import { LEAST_ROWS, trainWhole } from './train/whole.ts'

const USAGE = `trivium train FILE.jsonl[.gz] ... --out FILE  [--from-log] [--turns FILE] [--derived FAMILY ...] [--rules FILE] [--json]
trivium train --from-log (--candidate | --out FILE) [--since 90d] [--team TEAM] [--rules FILE] [--weights FILE] [--json]

Learns weights from labelled files, one {"label", "messages" | "text", "source"?, "lang"?, "id"?} per line. The same
files in the same order give the same bytes. Sources that share a prefix, up to the first _, form a family; the
temperature is fitted on families held out of training. Sources named SET-LANGUAGE, such as own-fr, hold one set in
several languages: their prompts whose ids end in the same number are held out together.

With --from-log, labelled rows of the ledger are learned from too. With files, they are added to them at a higher
weight; without files, training continues from the configuration's weights, and rehearsing the shipped prompts keeps
what those weights know. The same rows give the same bytes. The gain is measured by cross-validation on fifths of the
labels.

  --out FILE        where to write the weights
  --candidate       store them, with the rules, as a candidate instead, for evaluate, shadow and promote
  --from-log        learn from labelled rows of the ledger whose text was kept
  --since WHEN      only requests since then: a duration back from now, or a date
  --until WHEN      only requests before then
  --team TEAM       only this team's requests
  --store STORE     the ledger's file or postgres:// URL
  --config FILE     names store, rules and weights (default: config/trivium.yaml here, else trivium.yaml)
  --weights FILE    continue from these weights instead of the configuration's
  --rules FILE      the rules the weights will be used with, instead of the shipped (with --from-log: the live) ones
  --by WHO          who creates the candidate (default: your login name)
  --note TEXT       what it is for
  --turns FILE      short turns within conversations, one {"lang", "text", "last": "follow_up" | "new_topic"} per line
  --derived FAMILY  a family derived from others: never held out, and not trained on while the others are held out
  --json            print the report as one JSON object

Exit code 1: fewer than ${LEAST_ROWS} prompts, a class without any, or fewer than ${LEAST_LABELS} labelled rows.
`

const OPTIONS = {
  ...TUNING_OPTIONS,
  rules: CLASSIFIER_OPTIONS.rules,
  weights: CLASSIFIER_OPTIONS.weights,
  out: { type: 'string' },
  candidate: { type: 'boolean', default: false },
  'from-log': { type: 'boolean', default: false },
  since: { type: 'string' },
  until: { type: 'string' },
  team: { type: 'string' },
  by: { type: 'string' },
  note: { type: 'string', default: '' },
  turns: { type: 'string' },
  derived: { type: 'string', multiple: true },
  json: { type: 'boolean', default: false },
} as const

export const train: Command = {
  name: 'train',
  summary: 'learn classifier weights from labelled prompts, or from labelled rows of the ledger',
  usage: USAGE,
  async run(args, io): Promise<ExitCode> {
    const { values, positionals: files } = parse(args)
    const { out, candidate } = values
    const onLabels = values['from-log'] && files.length === 0
    if (files.length === 0 && !onLabels)
      throw new UsageError('give at least one labelled file, or --from-log')
    if (candidate && !onLabels) throw new UsageError('--candidate goes with --from-log and without files')
    if (out === undefined && !candidate) throw new UsageError('--out FILE is missing')
    if (out !== undefined && candidate) throw new UsageError('give --out or --candidate, not both')
    if (out !== undefined) checkOutput('--out', out, [...files, values.turns, values.config])
    if (onLabels) return onTop(values, out, io)
    const labelled = values['from-log'] ? promptsOf(await labelledRows(values, io)) : []
    const { rules, turns, derived = [], json } = values
    return trainWhole({ files, labelled, out: out ?? '', rules, turns, derived, json }, io)
  },
}

function parse(args: readonly string[]) {
  return readFlags(args, { allowPositionals: true, options: OPTIONS })
}

type Flags = ReturnType<typeof parse>['values']

async function onTop(values: Flags, out: string | undefined, io: Io): Promise<ExitCode> {
  const now = Date.now()
  const { since, until = now } = spanFlags(values, now)
  const options = {
    out,
    rules: values.rules,
    weights: values.weights,
    note: values.note,
    json: values.json,
    since,
    until,
    by: personOf(values.by),
  }
  return trainOnLabels(openTuning(values, io.env), await labelledRows(values, io), options, io)
}

async function labelledRows(values: Flags, io: Io): Promise<LabelledRows> {
  const now = Date.now()
  const filter = {
    team: values.team,
    ...spanFlags(values, now),
  }
  const reader = await openReader({ store: openTuning(values, io.env).store }, io.env)
  try {
    return await readLabelledRows(reader, filter)
  } finally {
    await reader.close()
  }
}

/** Stored text as prompts of a labelled file: training from scratch needs the text. */
function promptsOf({ rows }: LabelledRows): readonly LabelledPrompt[] {
  return rows.flatMap(({ id, team, label, kept }) => {
    const content = wordsKept(kept)
    const rest = { id, label, source: `${LOG}_${team}`, lang: 'unknown' }
    return content === undefined ? [] : [{ messages: [{ role: 'user', content }], ...rest }]
  })
}
