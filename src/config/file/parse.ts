import type { z } from 'zod'
import { type SchemaWalk, walkSchema } from '../schema/schema-walk.ts'
import { ConfigError, type Problem } from './config-error.ts'
import { parseYaml, problemAt, valuesOf, type YamlFile } from './document.ts'
import { type Environment, holdsBrokenReference, substitute, whyUnset } from './environment.ts'
import { formatPath, type KeyPath } from './key-path.ts'
import { suggest } from './nearest.ts'
import { type KnownTeams, valuesByTeam } from './teams-text.ts'
import { wording } from './wording.ts'

// biome-ignore lint/suspicious/noTemplateCurlyInString: what people write in the file.
const BROKEN_REFERENCE = 'a ${ that does not start a ${NAME} or ${NAME:-default}; write a literal one as $${'

/** A problem at a key of a file. */
type ProblemAt = (path: KeyPath, message: string) => Problem

/** A file's values as validated by its schema. */
export interface Parsed<Value> {
  readonly value: Value
  readonly problemAt: ProblemAt
  /** What need not be read again the next time. Undefined if the file has few teams, or none. */
  readonly known: Known | undefined
}

/** Teams as they are in an environment. */
interface Known {
  readonly teams: KnownTeams
  readonly env: Environment
}

interface Source {
  readonly file: string
  readonly text: string
  readonly env: Environment
  /** From the time before. */
  readonly known?: Known | undefined
}

/**
 * Converts text to values: YAML, then the environment, then the schema. References are resolved after
 * parsing, so that no secret can break the YAML. Where the schema expects a number or boolean, text from the
 * environment is converted. Where there are many teams, the schema gets only those that are not known, so it must
 * judge each by itself. Throws a ConfigError with every problem found.
 */
export function parseFile<Schema extends z.ZodType>(
  schema: Schema,
  source: Source,
): Parsed<z.output<Schema>> {
  const { values, problemAt: at, complete, forget } = readValues(source)
  const walk = walkSchema(schema)
  const problems: Problem[] = []
  const unset: string[] = []
  const unresolved = new Set<string>()
  const fill = (text: string, path: KeyPath) => {
    if (!text.includes('${')) return text
    if (holdsBrokenReference(text)) {
      unresolved.add(formatPath(path))
      problems.push(at(path, BROKEN_REFERENCE))
    }
    const filled = substitute(text, source.env)
    for (const name of filled.unset) {
      unset.push(name)
      unresolved.add(formatPath(path))
      problems.push(at(path, whyUnset(name)))
    }
    return filled.text === text ? text : coerce(filled.text, walk.scalarAt(path))
  }
  const filled = fillIn(values ?? {}, { fill, walk }, [])
  for (const path of reservedNames(values, [])) problems.push(at(path, 'a reserved name; choose another'))
  const parsed = schema.safeParse(filled, { error: wording })
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      if (!unresolved.has(formatPath(issue.path))) problems.push(...problemsOf(issue, at, walk))
    }
  }
  if (problems.length > 0 || !parsed.success) throw new ConfigError(problems, unset)
  forget()
  if (complete === undefined) return { value: parsed.data, problemAt: at, known: undefined }
  const { teams, known } = complete(Object(parsed.data).teams)
  const value: z.output<Schema> = Object.assign(Object(parsed.data), { teams })
  return { value, problemAt: at, known: { teams: known, env: source.env } }
}

/**
 * Values as written. The tree of the whole text takes many times its memory and, where teams are known, most
 * of the time, so it is kept and made only for what needs it: the position of a problem.
 */
function readValues({ file, text, env, known }: Source) {
  const byTeam = valuesByTeam(text, known?.env === env ? known.teams : undefined)
  let tree: YamlFile | undefined
  const whole = () => {
    tree ??= parseYaml(file, text)
    return tree
  }
  const at: ProblemAt = (path, message) => problemAt(whole(), path, message)
  const forget = () => {
    tree = undefined
  }
  return { values: byTeam?.values ?? valuesOf(whole()), problemAt: at, complete: byTeam?.complete, forget }
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

interface Filling {
  fill(text: string, path: KeyPath): unknown
  readonly walk: SchemaWalk
}

/**
 * The value with every text filled in. A known key without a value (`teams:` followed only by comments) counts
 * as absent.
 */
function fillIn(value: unknown, how: Filling, path: KeyPath): unknown {
  if (typeof value === 'string') return how.fill(value, path)
  if (Array.isArray(value)) return value.map((item, index) => fillIn(item, how, [...path, index]))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  const absent = entries.some(([, inner]) => inner === null) ? how.walk.keysAt(path) : []
  return Object.fromEntries(
    entries
      .filter(([key, inner]) => inner !== null || !absent.includes(key))
      .map(([key, inner]) => [key, fillIn(inner, how, [...path, key])]),
  )
}

function problemsOf(issue: z.core.$ZodIssue, at: ProblemAt, walk: SchemaWalk): readonly Problem[] {
  if (issue.code !== 'unrecognized_keys') return [at(issue.path, issue.message)]
  const known = walk.keysAt(issue.path)
  return issue.keys.map((key) => at([...issue.path, key], `unknown key${suggest(key, known)}`))
}
