import type { z } from 'zod'
import { type SchemaWalk, walkSchema } from '../schema/schema-walk.ts'
import { ConfigError, type Problem } from './config-error.ts'
import { mapTexts, parseYaml, problemAt, valuesOf, type YamlFile } from './document.ts'
import { type Environment, holdsBrokenReference, substitute, whyUnset } from './environment.ts'
import { formatPath, type KeyPath } from './key-path.ts'
import { suggest } from './nearest.ts'
import { wording } from './wording.ts'

// biome-ignore lint/suspicious/noTemplateCurlyInString: what people write in the file.
const BROKEN_REFERENCE = 'a ${ that does not start a ${NAME} or ${NAME:-default}; write a literal one as $${'

/** A file's values as validated by its schema, and the tree they came from. */
export interface Parsed<Value> {
  readonly value: Value
  readonly yaml: YamlFile
}

/**
 * Converts text to values: YAML, then the environment, then the schema. References are resolved after
 * parsing, so that no secret can break the YAML. Where the schema expects a number or boolean, text from the
 * environment is converted. Throws a ConfigError with every problem found.
 */
export function parseFile<Schema extends z.ZodType>(
  schema: Schema,
  source: { readonly file: string; readonly text: string; readonly env: Environment },
): Parsed<z.output<Schema>> {
  const yaml = parseYaml(source.file, source.text)
  const walk = walkSchema(schema)
  const problems: Problem[] = []
  const unset: string[] = []
  const unresolved = new Set<string>()
  mapTexts(yaml, (text, path) => {
    if (holdsBrokenReference(text)) {
      unresolved.add(formatPath(path))
      problems.push(problemAt(yaml, path, BROKEN_REFERENCE))
    }
    const filled = substitute(text, source.env)
    for (const name of filled.unset) {
      unset.push(name)
      unresolved.add(formatPath(path))
      problems.push(problemAt(yaml, path, whyUnset(name)))
    }
    return filled.text === text ? text : coerce(filled.text, walk.scalarAt(path))
  })
  const values = valuesOf(yaml)
  for (const path of reservedNames(values, [])) {
    problems.push(problemAt(yaml, path, 'a reserved name; choose another'))
  }
  const parsed = schema.safeParse(withoutEmpty(values ?? {}, walk, []), { error: wording })
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      if (!unresolved.has(formatPath(issue.path))) problems.push(...problemsOf(issue, yaml, walk))
    }
  }
  if (problems.length > 0 || !parsed.success) throw new ConfigError(problems, unset)
  return { value: parsed.data, yaml }
}

function coerce(text: string, scalar: ReturnType<SchemaWalk['scalarAt']>): unknown {
  if (scalar === 'number' && text.trim() !== '' && Number.isFinite(Number(text))) return Number(text)
  if (scalar === 'boolean' && (text === 'true' || text === 'false')) return text === 'true'
  return text
}

/** Paths of every `__proto__`: the schema would silently drop it with everything below. */
function reservedNames(value: unknown, path: KeyPath): readonly KeyPath[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => reservedNames(item, [...path, index]))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '__proto__' ? [[...path, key]] : reservedNames(inner, [...path, key]),
  )
}

/** Treats a known key without a value (`teams:` followed only by comments) as absent. */
function withoutEmpty(value: unknown, walk: SchemaWalk, path: KeyPath): unknown {
  if (Array.isArray(value)) return value.map((item, index) => withoutEmpty(item, walk, [...path, index]))
  if (typeof value !== 'object' || value === null) return value
  const known = walk.keysAt(path)
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => inner !== null || !known.includes(key))
      .map(([key, inner]) => [key, withoutEmpty(inner, walk, [...path, key])]),
  )
}

function problemsOf(issue: z.core.$ZodIssue, yaml: YamlFile, walk: SchemaWalk): readonly Problem[] {
  if (issue.code !== 'unrecognized_keys') return [problemAt(yaml, issue.path, issue.message)]
  const known = walk.keysAt(issue.path)
  return issue.keys.map((key) => problemAt(yaml, [...issue.path, key], `unknown key${suggest(key, known)}`))
}
