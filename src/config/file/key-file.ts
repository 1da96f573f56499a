import { isDeepStrictEqual } from 'node:util'
import { isAlias, isMap, isNode, isSeq, visit, YAMLSeq } from 'yaml'
import { z } from 'zod'
import { ConfigError } from './config-error.ts'
import { parseYaml, problemAt, valuesOf, type YamlFile } from './document.ts'
import type { KeyPath } from './key-path.ts'
import { withKeys } from './key-text.ts'
import { suggest } from './nearest.ts'
import { readText } from './read-text.ts'
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
export function addKey(file: string, team: string, key: WrittenKey): void {
  editText(file, (text) => {
    const yaml = parseYaml(file, text)
    const held = heldBy(yaml, team)
    if (held.some(({ id }) => id === key.id)) {
      throw refusal(yaml, ['teams', team, 'keys'], `key "${key.id}" already exists`)
    }
    return withEdited(yaml, text, team, (keys) => {
      keys.add(yaml.document.createNode(key, { flow: true }))
    })
  })
}

/**
 * Gives a key a new secret. The old one stays valid until `oldServesUntil` (ISO 8601), or is dropped at once
 * if that is undefined. Returns false if there is no key with this id.
 */
export function rotateKey(
  file: string,
  team: string,
  id: string,
  { sha256, oldServesUntil }: { readonly sha256: string; readonly oldServesUntil: string | undefined },
): boolean {
  let found = false
  editText(file, (text) => {
    const yaml = parseYaml(file, text)
    const index = heldBy(yaml, team).findIndex((key) => key.id === id)
    found = index >= 0
    if (!found) return undefined
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
  })
  return found
}

/** Removes a key from the file; false if there is none with this id. */
export function removeKey(file: string, team: string, id: string): boolean {
  let found = false
  editText(file, (text) => {
    const yaml = parseYaml(file, text)
    const index = heldBy(yaml, team).findIndex((key) => key.id === id)
    found = index >= 0
    return found ? withEdited(yaml, text, team, (keys) => keys.delete(index)) : undefined
  })
  return found
}

function keysOf(yaml: YamlFile): ReadonlyMap<string, readonly WrittenKey[]> {
  const written = Written.safeParse(valuesOf(yaml) ?? {}, { error: wording })
  if (!written.success) {
    throw new ConfigError(written.error.issues.map(({ path, message }) => problemAt(yaml, path, message)))
  }
  const teams = Object.entries(written.data.teams ?? {})
  return new Map(teams.map(([name, team]) => [name, team?.keys ?? []]))
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
