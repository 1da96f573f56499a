import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { type Model, mergeModels } from './catalogue.ts'
import { ConfigError } from './file/config-error.ts'
import type { Environment } from './file/environment.ts'
import { stateOf } from './file/file-state.ts'
import { type Parsed, parseFile } from './file/parse.ts'
import { readText } from './file/read-text.ts'
import { readPreset } from './preset.ts'
import { Catalogue } from './schema/model-schema.ts'
import { Settings } from './schema/schema.ts'
import { type Standings, standingsOf } from './standings.ts'

/**
 * Where the shipped `models.yaml`, `rules.yaml`, `classifier.bin`, `evaluation.jsonl` and `training/` are:
 * beside `src/` in a checkout, beside `dist/` in a package.
 */
export const SHIPPED = join(import.meta.dirname, '..', '..', 'config')

/** The model catalogue with a fingerprint that changes whenever its file does. */
interface ReadCatalogue {
  readonly state: string
  readonly parsed: Parsed<Catalogue>
}

/** A configuration as read from its files: plain data, not yet compiled. */
export interface Config extends Pick<Parsed<Settings>, 'problemAt' | 'known'> {
  /** The text of its own file. */
  readonly text: string
  readonly catalogue: ReadCatalogue
  readonly settings: Settings & { readonly routes: NonNullable<Settings['routes']> }
  /** The catalogue overlaid with the configuration's own models, by name. */
  readonly models: ReadonlyMap<string, Model>
  /** The day the catalogue was last checked against the vendors' pages, in milliseconds since the epoch. */
  readonly pricesChecked: number
  /** The files the configuration was read from, or would be if they existed. */
  readonly files: {
    readonly config: string
    readonly models: string
    readonly rules: string
    readonly weights: string
    /** The folder whose latest entry records what is promoted. */
    readonly journal: string
    readonly shadowRules?: string
    readonly shadowWeights?: string
    readonly preset?: string
  }
  readonly tuning: Standings
}

/**
 * Reads the configuration and the model catalogue. Paths in the configuration are relative to its file; files
 * it does not name come from beside it, or from those shipped with Trivium. Parsing the catalogue and many teams
 * takes most of the time, so `running` supplies what has not changed. Throws a ConfigError.
 */
export function loadConfig(file: string, env: Environment, running?: Config): Config {
  const text = readText(file)
  const source = { file, text, env, known: running?.known }
  const { value: written, problemAt, known } = parseFile(Settings, source)
  const near = (name: string) => beside(file, name)
  const preset =
    written.preset === undefined
      ? undefined
      : readPreset(written.preset, near, (message) => problemAt(['preset'], message))
  const routes = preset?.routes ?? written.routes
  if (routes === undefined) throw new ConfigError([problemAt(['routes'], 'is missing')])
  const settings = { ...written, routes }
  const modelsFile = beside(file, 'models.yaml')
  const catalogue = readCatalogue(modelsFile, running?.catalogue)
  const named = (path: string | undefined, name: string) =>
    path === undefined ? beside(file, name) : resolve(dirname(file), path)
  const own = {
    rules: named(settings.classifier.rules, 'rules.yaml'),
    weights: named(settings.classifier.weights, 'classifier.bin'),
    resolve: (path: string) => resolve(dirname(file), path),
  }
  const tuning = standingsOf(settings, own, running?.tuning)
  const { shadow } = tuning
  const { value: listed } = catalogue.parsed
  return {
    text,
    known,
    catalogue,
    settings,
    models: mergeModels(
      { entries: listed.models, families: listed.families, problemAt: catalogue.parsed.problemAt },
      { entries: settings.models, problemAt },
    ),
    pricesChecked: listed.checked,
    files: {
      config: file,
      models: modelsFile,
      rules: tuning.live.rules,
      weights: tuning.live.weights,
      journal: tuning.journal,
      ...(shadow !== undefined && { shadowRules: shadow.rules, shadowWeights: shadow.weights }),
      ...(preset !== undefined && { preset: preset.file }),
    },
    tuning,
    problemAt,
  }
}

function readCatalogue(file: string, known: ReadCatalogue | undefined): ReadCatalogue {
  const state = stateOf([file])
  if (known?.state === state) return known
  return { state, parsed: parseFile(Catalogue, { file, text: readText(file), env: {} }) }
}

function beside(file: string, name: string): string {
  const near = join(dirname(file), name)
  return existsSync(near) ? near : join(SHIPPED, name)
}
