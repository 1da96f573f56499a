import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { ConfigError, type Problem } from './file/config-error.ts'
import { suggest } from './file/nearest.ts'
import { parseFile } from './file/parse.ts'
import { readText } from './file/read-text.ts'
import { Routes } from './schema/schema.ts'

/** What a preset defines. */
const Preset = z.strictObject({ routes: Routes.describe('Which models serve which class.') })

export interface ReadPreset extends z.infer<typeof Preset> {
  readonly file: string
}

/**
 * Reads a preset by name: from `presets/` beside the configuration, otherwise the shipped one. Throws a
 * ConfigError that lists the available presets.
 */
export function readPreset(
  name: string,
  beside: (file: string) => string,
  problemAt: (message: string) => Problem,
): ReadPreset {
  const file = beside(join('presets', `${name}.yaml`))
  const known = presetsIn(dirname(file))
  if (!known.includes(name)) {
    const near = suggest(name, known)
    throw new ConfigError([
      problemAt(`no preset "${name}"${near === '' ? `; there is ${known.join(', ')}` : near}`),
    ])
  }
  return { ...parseFile(Preset, { file, text: readText(file), env: {} }).value, file }
}

function presetsIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).flatMap((file) =>
      file.endsWith('.yaml') ? [file.slice(0, -'.yaml'.length)] : [],
    )
  } catch {
    return []
  }
}
