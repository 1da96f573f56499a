import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { type Model, mergeModels } from './catalogue.ts'
import { ConfigError, type Problem } from './file/config-error.ts'
import { problemAt } from './file/document.ts'
import type { Environment } from './file/environment.ts'
import { stateOf } from './file/file-state.ts'
import type { KeyPath } from './file/key-path.ts'
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
export interface Config {
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
  /** A problem at a key of the configuration file. */
  problemAt(path: KeyPath, message: string): Problem
}

/**
 * Reads the configuration and the model catalogue. Paths in the configuration are relative to its file; files
 * it does not name come from beside it, or from those shipped with Trivium. Parsing the catalogue takes most
 * of the time, so `running` supplies its own as long as the file has not changed. Throws a ConfigError.
 */
export function loadConfig(file: string, env: Environment, running?: Config): Config {
  const { value: written, yaml } = parseFile(Settings, { file, text: readText(file), env })
  const at = (path: KeyPath, message: string) => problemAt(yaml, path, message)
  const near = (name: string) => beside(file, name)
  const preset =
    written.preset === undefined
      ? undefined
      : readPreset(written.preset, near, (message) => at(['preset'], message))
  const routes = preset?.routes ?? written.routes
  if (routes === undefined) throw new ConfigError([at(['routes'], 'is missing')])
  const settings = { ...written, routes }
  const modelsFile = beside(file, 'models.yaml')
  const catalogue = readCatalogue(modelsFile, running?.catalogue)
  const named = (path: string | undefined, name: string) =>
    path === undefined ? beside(file, name) : resolve(dirname(file), path)
  const tuning = standingsOf(settings, {
    rules: named(settings.classifier.rules, 'rules.yaml'),
    weights: named(settings.classifier.weights, 'classifier.bin'),
    resolve: (path) => resolve(dirname(file), path),
  })
  const { shadow } = tuning
  const { value: listed, yaml: listedYaml } = catalogue.parsed
  return {
    catalogue,
    settings,
    models: mergeModels(
      { entries: listed.models, families: listed.families, yaml: listedYaml },
      { entries: settings.models, yaml },
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
    problemAt: at,
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
