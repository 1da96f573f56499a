import { crc32 } from 'node:zlib'
import { isMap, isScalar } from 'yaml'
import { ConfigError } from './config-error.ts'
import { parseYaml, valuesOf } from './document.ts'

/** With fewer teams the whole text is parsed in a few milliseconds. */
const LEAST_TEAMS = 100
/** How many teams are parsed together, on average: each parse has its own cost. */
const GROUP = 32
/** Longer than any, with its margin and quotes. */
const LONGEST_NAME = 200

type Values = Readonly<Record<string, unknown>>

/** Teams as the schema gave them, by the lines that they were written in. */
export type KnownTeams = ReadonlyMap<string, Values>

/** A configuration's values, of its teams only those that are not known. */
interface ValuesByTeam {
  readonly values: Values
  /** All teams, in their order, and how they are known from now on, given what the schema made of the others. */
  complete(read: Values): { readonly teams: Values; readonly known: KnownTeams }
}

/** Where the lines of each team are in a configuration whose `teams` is a block map. */
interface Cut {
  /** Where the line `teams:` begins. */
  readonly head: number
  /** Where the next line begins. */
  readonly body: number
  /** Where the lines of each team begin. */
  readonly starts: readonly number[]
  /** Spaces before each team's name. */
  readonly indent: number
  /** Where the last team's lines end. */
  readonly end: number
}

const HEAD = /(?<![^\n])teams: *(?:#.*)?\r?\n/
const NEXT_KEY = /\n(?=[^ \t\r\n#])/
const FIRST_TEAM = /\n( +)(?=[^ \r\n#])/
const NAME_BEGINS = /[A-Za-z0-9"']/
const DIRECTIVE = /(?<![^\n])%/
const ANCHOR = /[\s[{,:]&\S/

/**
 * Parses a configuration without those teams that are known by their lines: all of ten thousand take a
 * second, and an edit changes one. Undefined for a text that has few teams, is written in an unusual way or
 * has an error: then it has to be parsed as a whole, which tells what is wrong.
 *
 * A line at the indentation of the team names can only be the next name, unless something before it is still
 * open (a quote, a bracket); and then the group that ends there is an error by itself.
 */
export function valuesByTeam(text: string, known: KnownTeams = new Map()): ValuesByTeam | undefined {
  const cut = cutTeams(text)
  if (cut === undefined) return undefined
  try {
    const rest = restOf(text, cut)
    if (rest === undefined) return undefined
    const groups = groupsOf(text, cut).map((lines) => ({ lines, teams: known.get(lines) ?? teamsIn(lines) }))
    const unknown: Record<string, unknown> = {}
    const names = new Set<string>()
    for (const { lines, teams } of groups) {
      if (teams === undefined) return undefined
      for (const name of Object.keys(teams)) names.add(name)
      if (!known.has(lines)) Object.assign(unknown, teams)
    }
    // Fewer: a name is there twice, or a line was no name. The other cannot be assigned, and is refused in the whole.
    if (names.size !== cut.starts.length || names.has('__proto__')) return undefined
    const complete = (read: Values) => {
      const all = groups.map(({ lines, teams = {} }): [string, Values] => [
        lines,
        known.get(lines) ?? Object.fromEntries(Object.keys(teams).map((name) => [name, read[name]])),
      ])
      return { teams: Object.assign({}, ...all.map(([, teams]) => teams)), known: new Map(all) }
    }
    return { values: { ...rest, teams: unknown }, complete }
  } catch (error) {
    if (error instanceof ConfigError) return undefined
    throw error
  }
}

/**
 * The lines of one team, as a configuration with no other in it, and what goes around them. Undefined under the same
 * conditions. The whole text must be known to be valid.
 */
export function linesOfTeam(
  text: string,
  team: string,
): { readonly alone: string; whole(alone: string): string } | undefined {
  const cut = cutTeams(text)
  const at = cut?.starts.findIndex((start) => text.startsWith(`${team}:`, start + cut.indent)) ?? -1
  const start = cut?.starts[at]
  if (cut === undefined || start === undefined) return undefined
  const end = cut.starts[at + 1] ?? cut.end
  const head = text.slice(cut.head, cut.body)
  return {
    alone: head + text.slice(start, end),
    whole: (alone) => text.slice(0, start) + alone.slice(head.length) + text.slice(end),
  }
}

function cutTeams(text: string): Cut | undefined {
  const found = HEAD.exec(text)
  // A directive may change what the values mean.
  if (found === null || DIRECTIVE.test(text.slice(0, found.index))) return undefined
  const body = found.index + found[0].length
  const below = text.slice(body - 1)
  const next = below.search(NEXT_KEY)
  const lines = next === -1 ? below : below.slice(0, next + 1)
  const indent = FIRST_TEAM.exec(lines)?.[1]?.length
  if (indent === undefined) return undefined
  const starts: number[] = []
  for (const { index, 0: margin } of lines.matchAll(new RegExp(`\\n {1,${indent}}(?=[^ \\r\\n#])`, 'g'))) {
    if (margin.length !== indent + 1 || !NAME_BEGINS.test(lines.charAt(index + margin.length)))
      return undefined
    starts.push(body + index)
  }
  if (starts.length < LEAST_TEAMS) return undefined
  return { head: found.index, body, starts, indent, end: body - 1 + lines.length }
}

/** Everything but the teams. */
function restOf(text: string, { head, body, end }: Cut): Values | undefined {
  const yaml = parseYaml('', text.slice(0, body) + text.slice(end))
  const { contents } = yaml.document
  const pair = isMap(contents)
    ? contents.items.find(({ key }) => isScalar(key) && key.range?.[0] === head)
    : undefined
  if (!isScalar(pair?.value) || pair.value.value !== null) return undefined
  return recordOf(valuesOf(yaml))
}

/**
 * The lines of the teams in groups. Where a group ends depends on the name of its last team alone, so that a new team
 * changes one group.
 */
function groupsOf(text: string, { body, starts, end }: Cut): readonly string[] {
  const groups: string[] = []
  let from = body
  for (const [index, start] of starts.entries()) {
    const next = starts[index + 1] ?? end
    const [name = ''] = text.slice(start, start + LONGEST_NAME).split(':', 1)
    if (next !== end && crc32(name) % GROUP !== 0) continue
    groups.push(text.slice(from, next))
    from = next
  }
  return groups
}

function teamsIn(group: string): Values | undefined {
  // It may be meant by an alias below.
  if (ANCHOR.test(group)) return undefined
  const { teams, ...others } = recordOf(valuesOf(parseYaml('', `teams:\n${group}`))) ?? {}
  return Object.keys(others).length === 0 ? recordOf(teams) : undefined
}

function recordOf(value: unknown): Values | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
}
