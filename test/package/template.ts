import { parseDocument } from 'yaml'

/** What is wrong with a chart's templates, found without rendering them. */
export interface TemplateCheck {
  readonly problems: readonly string[]
  /** Objects that the templates make, by kind, whatever the values switch on. */
  readonly kinds: readonly string[]
}

/** The only action forms these templates use. Any other form is reported, since nothing here checks it. */
const FORMS: readonly RegExp[] = [
  /^define "[\w.]+"$/,
  /^include "[\w.]+" \.( \| nindent \d+)?$/,
  /^toYaml (\.|\.Values\.[\w.]+) \| nindent \d+$/,
  /^\$(name|text \| nindent \d+)$/,
  /^\.$/,
  /^\.(Values|Release|Chart)\.[\w.]+( \| (default \.Chart\.\w+|trunc \d+ \| trimSuffix "-"))?$/,
  /^(if|with) (not )?\.Values\.[\w.]+$/,
  /^if or \(not \.Values\.[\w.]+\) \.Values\.[\w.]+ \(ne \(int \.Values\.[\w.]+\) 1\)$/,
  /^if or \.Values\.[\w.]+ \(ne \(int \.Values\.[\w.]+\) 1\)$/,
  /^range (\.Values\.[\w.]+|\$name, \$text := \.Values\.[\w.]+)$/,
  /^fail "[^"]+"$/,
  /^(else|end)$/,
]
const OPENS = /^(define|if|with|range) /

/**
 * Checks templates by their text: known forms, balanced blocks, values and names that exist, valid YAML
 * around them.
 */
export function checkTemplates(templates: Readonly<Record<string, string>>, values: unknown): TemplateCheck {
  const problems: string[] = []
  const kinds: string[] = []
  const defined = new Set(
    Object.values(templates).flatMap((text) =>
      [...text.matchAll(/define "([\w.]+)"/g)].map(([, name]) => name),
    ),
  )
  for (const [file, text] of Object.entries(templates)) {
    const say = (problem: string) => problems.push(`${file}: ${problem}`)
    let depth = 0
    for (const [, action = ''] of text.matchAll(/\{\{-?\s*(.*?)\s*-?\}\}/g)) {
      if (!FORMS.some((form) => form.test(action))) say(`unknown form {{ ${action} }}`)
      if (OPENS.test(action)) depth += 1
      if (action === 'end') depth -= 1
      if (depth < 0) say('an end without a beginning')
      for (const [, path = ''] of action.matchAll(/\.Values\.([\w.]+)/g)) {
        if (valueAt(values, path.split('.')) === undefined) say(`values.yaml has no ${path}`)
      }
      const included = /include "([\w.]+)"/.exec(action)?.[1]
      if (included !== undefined && !defined.has(included)) say(`nothing defines ${included}`)
    }
    if (depth !== 0) say('a block without an end')
    if (!file.endsWith('.yaml')) continue
    for (const document of skeletonOf(text).split(/^---$/m)) {
      const parsed = parseDocument(document, { uniqueKeys: true })
      for (const error of parsed.errors) say(error.message)
      const kind = parsed.get('kind')
      if (typeof kind !== 'string' || typeof parsed.get('apiVersion') !== 'string')
        say('an object without a kind')
      else kinds.push(kind)
    }
  }
  return { problems, kinds }
}

/** The YAML around the actions. Action-only lines go, inline actions become a value, `else` branches are dropped. */
function skeletonOf(text: string): string {
  return text
    .replace(/^[ \t]*\{\{- else \}\}\n[\s\S]*?(?=^[ \t]*\{\{- end \}\})/gm, '')
    .replace(/^[ \t]*\{\{.*\}\}[ \t]*\n/gm, '')
    .replace(/\{\{.*?\}\}/g, '1')
}

function valueAt(values: unknown, path: readonly string[]): unknown {
  return path.reduce(
    (value, key) =>
      typeof value === 'object' && value !== null
        ? Object.entries(value).find(([name]) => name === key)?.[1]
        : undefined,
    values,
  )
}
