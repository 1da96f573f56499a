import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const Manifest = z.looseObject({ version: z.string() })

/** The package's version. Its manifest is above `src/` in a checkout, above `dist/` in a package. */
export function version(): string {
  const manifest = join(import.meta.dirname, '..', '..', 'package.json')
  return Manifest.parse(JSON.parse(readFileSync(manifest, 'utf8'))).version
}
