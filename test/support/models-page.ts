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

Generated from the catalogue (\`config/models.yaml\`) by \`node test/support/models-page.ts\`, and checked by a test. For each
model it shows what routing does with each kind of chat request. Another test sends all of these requests through the proxy
to a simulator that enforces the vendor's own rules.

- **Sent unchanged**: the body is sent byte for byte, except for the model's name.
- **Served by another model**: the answer would differ without this feature, so the next model of the route serves, then the
  other routes.
- **Tried last**: sources disagree on whether the model supports it, or the model supports it only without reasoning. This
  model serves only if no other can.
- **Changed**: as in the header \`x-trivium-adapted\`. \`-field\` was removed, \`a->b\` is a replaced by b, and \`field=value\` is the
  value sent. MOST is the model's maximum output.

A request pinned to a model (\`trivium/pin:MODEL\`) is changed in the same way, and refused with \`no_capable_model\` where another
model would serve. With routing off, a request is sent as it is, and a refusal by its model reaches the client in the
upstream's words.
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
    `These models serve no chats: ${silent.map(({ model }) => `\`${model}\``).join(', ')}.\n`,
    ...sections(chats, '##'),
    '## Models of your own\n\nWhat each `family` of the configuration supports. A model’s own `capabilities` take precedence.\n',
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
    '| model | context (tokens) | maximum output (tokens) | efforts | shutdown | successor |',
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

/** Whether a long prompt fits depends on the context size, which the table states. */
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
    `**Sent unchanged**: ${plain.join('; ')}.\n`,
    list('Served by another model', others),
    list('Tried last', last),
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
