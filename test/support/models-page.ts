import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { Model } from '../../src/config/catalogue.ts'
import { loadConfig } from '../../src/config/load.ts'
import { formatDate } from '../../src/config/schema/units.ts'
import { type Verdict, verdictOn } from './model-verdict.ts'
import { bodyOf, REQUEST_SHAPES } from './request-shapes.ts'
import { temporaryDirectory } from './temporary-directory.ts'

// `node test/support/models-page.ts > docs/models.md` rewrites the page.

/** Servers whose models the reader chooses; a model refers to one by `family`. */
const SERVERS = ['openai-compatible', 'vllm', 'gemini', 'claude']

const HEAD = `# Models

Written from the catalogue (\`config/models.yaml\`) by \`node test/support/models-page.ts\`, and checked by a test. Every chat request below was put
before routing for every model, and what came of it stands here; another test sends them all through the proxy to a simulator with the vendor's own
rules.

- **As it is**: the body is sent byte for byte, but for the model's name.
- **Changed**: the header \`x-trivium-adapted\` says the same. \`-field\` was left out, \`a->b\` is b instead of a, \`field=value\` is what is sent; MOST is all the
  model can write.
- **Served by others**: without it the answer would be another one, so the next model of the route serves, then the other routes.
- **Served last**: sources disagree whether the model takes it, or it takes it only without reasoning. Others serve; this one when nobody else can.

A pinned model (\`trivium/pin:MODEL\`) is changed for alike and refused with \`no_capable_model\` where others would serve; with routing off a request goes as it
is, and what its model refuses the client hears in the upstream's words.
`

/** The page `docs/models.md`. */
export function modelsPage(): string {
  const models = [...catalogue().values()].filter(({ model }) => !SERVERS.includes(model))
  const chats = models.filter(({ onlyFor }) => onlyFor?.length !== 0)
  const silent = models.filter(({ onlyFor }) => onlyFor?.length === 0)
  const servers = [...catalogue().values()].filter(({ model }) => SERVERS.includes(model))
  return [
    HEAD,
    figures(chats),
    `No chats at all: ${silent.map(({ model }) => `\`${model}\``).join(', ')}.\n`,
    ...sections(chats, '##'),
    '## Models of your own\n\nWhat a `family` of the configuration promises; `capabilities` of a model’s own go before it.\n',
    ...sections(servers, '###'),
  ].join('\n')
}

function catalogue(): ReadonlyMap<string, Model> {
  const folder = temporaryDirectory()
  const file = join(folder.path, 'trivium.yaml')
  const own = (family: string) => ({ upstream: 'openai', family, context: 32_768, max_output: 8_192 })
  const settings = {
    upstreams: { openai: { base_url: 'http://127.0.0.1:9/v1' } },
    models: Object.fromEntries(SERVERS.map((family) => [family, own(family)])),
    routes: { stem_reasoning: ['o1-mini'], factual_recall: ['gpt-4o-mini'], language_heavy: ['gpt-4o'] },
  }
  writeFileSync(file, stringify(settings))
  try {
    return loadConfig(file, {}).models
  } finally {
    folder.dispose()
  }
}

function figures(models: readonly Model[]): string {
  const rows = models.map(
    ({ model, context, maxOutput, effort, shutdownAt, replacedBy }) =>
      `| \`${model}\` | ${count(context)} | ${count(maxOutput)} | ${effort?.values.join(', ') ?? '—'} | ${
        shutdownAt === undefined ? '—' : formatDate(shutdownAt)
      } | ${replacedBy === undefined ? '—' : `\`${replacedBy}\``} |`,
  )
  return [
    '| model | context | output | efforts | leaves the vendor’s API | successor |',
    '|---|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}

/** One section for all models that accept the same. */
function sections(models: readonly Model[], heading: string): readonly string[] {
  const alike = Map.groupBy(models, (model) => JSON.stringify(verdicts(model)))
  return [...alike.values()].map(([first, ...others]) => {
    if (first === undefined) return ''
    const names = [first, ...others].map(({ model }) => model)
    return `${heading} ${names.join(', ')}\n\n${section(verdicts(first))}`
  })
}

/** Whether a long prompt fits depends on the context size, which is stated above. */
const SHORT = REQUEST_SHAPES.filter(({ fields }) => JSON.stringify(fields).length < 10_000)

type Told = readonly [name: string, verdict: Verdict]

function verdicts(model: Model): readonly Told[] {
  const target = { ...model, sentModel: model.model }
  const bound = `=${model.maxOutput}`
  return SHORT.map((shape): Told => {
    const verdict = verdictOn(target, bodyOf('auto', shape))
    if (!verdict.serves) return [shape.name, verdict]
    const changes = verdict.changes.map((change) => change.replace(bound, '=MOST'))
    return [shape.name, { ...verdict, changes }]
  })
}

function section(told: readonly Told[]): string {
  const plain: string[] = []
  const changed = new Map<string, string[]>()
  const others = new Map<string, string[]>()
  const last = new Map<string, string[]>()
  for (const [name, verdict] of told) {
    if (!verdict.serves) note(others, verdict.reason, name)
    else if (verdict.doubt !== undefined) note(last, verdict.doubt, name)
    else if (verdict.changes.length === 0) plain.push(name)
    else note(changed, verdict.changes.map((change) => `\`${change}\``).join(', '), name)
  }
  return [
    `**As it is**: ${plain.join('; ')}.\n`,
    list('Served by others', others),
    list('Served last', last),
    list('Changed', changed),
  ]
    .filter((part) => part !== '')
    .join('\n')
}

function note(reasons: Map<string, string[]>, reason: string, name: string): void {
  const names = reasons.get(reason)
  if (names === undefined) reasons.set(reason, [name])
  else names.push(name)
}

function list(title: string, reasons: ReadonlyMap<string, readonly string[]>): string {
  if (reasons.size === 0) return ''
  const lines = [...reasons].map(([reason, names]) => `- ${reason}: ${names.join('; ')}`)
  return `**${title}**\n\n${lines.join('\n')}\n`
}

function count(tokens: number): string {
  return tokens.toLocaleString('en-US')
}

if (import.meta.main) process.stdout.write(modelsPage())
