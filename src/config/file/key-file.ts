import { isDeepStrictEqual } from 'node:util'
import { isAlias, isMap, isNode, isSeq, visit, YAMLSeq } from 'yaml'
import { z } from 'zod'
import { ConfigError } from './config-error.ts'
import { parseYaml, problemAt, valuesOf, type YamlFile } from './document.ts'
import type { KeyPath } from './key-path.ts'
import { withKeys } from './key-text.ts'
import { suggest } from './nearest.ts'
import { readText } from './read-text.ts'
import { linesOfTeam } from './teams-text.ts'
import { editText } from './text-edit.ts'
import { wording } from './wording.ts'

const WrittenKey = z.looseObject({
  id: z.string(),
  sha256: z.string(),
  expires: z.string().optional(),
  previous: z.looseObject({ sha256: z.string(), expires: z.string() }).optional(),
})

/** A key as stored in the file: never the key itself, only its SHA-256. */
export type WrittenKey = z.infer<typeof WrittenKey>

const Written = z.looseObject({
  teams: z.record(z.string(), z.looseObject({ keys: z.array(WrittenKey).nullish() }).nullable()).nullish(),
})

/**
 * Throws a `ConfigError` if a file with this text would not be loaded. Called with the text that is about to
 * be edited.
 */
export type CheckWhole = (text: string) => void

/** The text with an edit; undefined if there is nothing to edit. */
type Edit = (yaml: YamlFile, text: string) => string | undefined

/**
 * Keys by team, as written. The rest of the file is not validated and the environment not read, so keys can
 * be listed and created without the upstreams' secrets. Throws a ConfigError.
 */
export function readKeys(file: string): ReadonlyMap<string, readonly WrittenKey[]> {
  return keysOf(parseYaml(file, readText(file)))
}

/**
 * Adds a key to a team and writes the file; safe against concurrent edits. Throws a ConfigError for an
 * unknown team or an id that is taken.
 */
export function addKey(file: string, team: string, key: WrittenKey, check?: CheckWhole): void {
  const add: Edit = (yaml, text) => {
    const held = heldBy(yaml, team)
    if (held.some(({ id }) => id === key.id)) {
      throw refusal(yaml, ['teams', team, 'keys'], `key "${key.id}" already exists`)
    }
    return withEdited(yaml, text, team, (keys) => {
      keys.add(yaml.document.createNode(key, { flow: true }))
    })
  }
  editTeam(file, team, add, check)
}

/** What replaces a key's secret. */
export interface NewSecret {
  readonly team: string
  readonly id: string
  readonly sha256: string
  /** ISO 8601; if undefined, the old secret expires at once. */
  readonly oldServesUntil: string | undefined
}

/**
 * Gives a key a new secret. The old one stays valid until `oldServesUntil` (ISO 8601), or is dropped at once
 * if that is undefined. Returns false if there is no key with this id.
 */
export function rotateKey(
  file: string,
  { team, id, sha256, oldServesUntil }: NewSecret,
  check?: CheckWhole,
): boolean {
  const renew: Edit = (yaml, text) => {
    const index = indexOf(yaml, team, id)
    if (index === -1) return undefined
    return withEdited(yaml, text, team, (keys) => {
      const key = keys.get(index)
      if (!isMap(key)) return
      const old = key.get('sha256')
      key.set('sha256', sha256)
      if (oldServesUntil === undefined) key.delete('previous')
      else {
        const previous = { sha256: old, expires: oldServesUntil }
        key.set('previous', yaml.document.createNode(previous, { flow: true }))
      }
    })
  }
  return editTeam(file, team, renew, check)
}

/** Removes a key from the file; false if there is none with this id. */
export function removeKey(file: string, team: string, id: string, check?: CheckWhole): boolean {
  const remove: Edit = (yaml, text) => {
    const index = indexOf(yaml, team, id)
    return index === -1 ? undefined : withEdited(yaml, text, team, (keys) => keys.delete(index))
  }
  return editTeam(file, team, remove, check)
}

/** False if there was nothing to edit. If the whole is checked, only the team's own lines need to be parsed. */
function editTeam(file: string, team: string, edit: Edit, check: CheckWhole | undefined): boolean {
  let edited: string | undefined
  editText(file, (text) => {
    check?.(text)
    edited = check === undefined ? undefined : editAlone(file, text, team, edit)
    edited ??= edit(parseYaml(file, text), text)
    return edited
  })
  return edited !== undefined
}

/** Undefined if the team's lines cannot be edited by themselves: then the whole says what is wrong, and where. */
function editAlone(file: string, text: string, team: string, edit: Edit): string | undefined {
  const lines = linesOfTeam(text, team)
  if (lines === undefined) return undefined
  try {
    const edited = edit(parseYaml(file, lines.alone), lines.alone)
    return edited === undefined ? undefined : lines.whole(edited)
  } catch (error) {
    if (error instanceof ConfigError) return undefined
    throw error
  }
}

function keysOf(yaml: YamlFile): ReadonlyMap<string, readonly WrittenKey[]> {
  const written = Written.safeParse(valuesOf(yaml) ?? {}, { error: wording })
  if (!written.success) {
    throw new ConfigError(written.error.issues.map(({ path, message }) => problemAt(yaml, path, message)))
  }
  const teams = Object.entries(written.data.teams ?? {})
  return new Map(teams.map(([name, team]) => [name, team?.keys ?? []]))
}

function indexOf(yaml: YamlFile, team: string, id: string): number {
  return heldBy(yaml, team).findIndex((key) => key.id === id)
}

function heldBy(yaml: YamlFile, team: string): readonly WrittenKey[] {
  const teams = keysOf(yaml)
  const held = teams.get(team)
  if (held !== undefined) return held
  throw refusal(yaml, ['teams'], `there is no team "${team}"${suggest(team, teams.keys())}`)
}

function refusal(yaml: YamlFile, path: KeyPath, message: string): ConfigError {
  return new ConfigError([problemAt(yaml, path, message)])
}

/**
 * The text with one team's `keys` edited. The result is parsed again, and an edit that did not come out as
 * intended is rejected and left to the user.
 */
function withEdited(yaml: YamlFile, text: string, team: string, edit: (keys: YAMLSeq) => void): string {
  if (sharesKeys(yaml, team)) {
    throw refusal(yaml, ['teams', team], 'is written with a YAML anchor or alias; edit its keys by hand')
  }
  const written = yaml.document.getIn(['teams', team, 'keys'])
  const keys = isSeq(written) ? written : new YAMLSeq()
  edit(keys)
  const edited = withKeys(yaml.document, text, team, keys)
  const readBack = keysOf(parseYaml(yaml.file, edited)).get(team)
  if (!isDeepStrictEqual(readBack, keys.toJS(yaml.document))) {
    throw refusal(
      yaml,
      ['teams', team],
      'is written in a way that cannot be edited here; edit its keys by hand',
    )
  }
  return edited
}

/** Whether a team's keys use an anchor or alias, so that they are defined elsewhere or shared. */
function sharesKeys({ document }: YamlFile, team: string): boolean {
  const above = [['teams'], ['teams', team]].map((path) => document.getIn(path, true))
  let shares = above.some(isAnchorOrAlias)
  const keys = document.getIn(['teams', team, 'keys'], true)
  if (isNode(keys)) {
    visit(keys, {
      Node: (_, node) => {
        shares ||= isAnchorOrAlias(node)
      },
    })
  }
  return shares
}

function isAnchorOrAlias(node: unknown): boolean {
  return isAlias(node) || (isNode(node) && node.anchor !== undefined)
}
