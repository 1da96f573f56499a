import { join, relative } from 'node:path'
import { ConfigError } from '../../config/file/config-error.ts'
import { UsageError } from '../command.ts'

/** What ships: beside `src/` in a checkout, beside `dist/` in a package. */
const DEFAULT = join(import.meta.dirname, '..', '..', '..', 'config', 'trivium.yaml')

/** The configuration file a command works with: the one named by `--config`, else the default one. */
export function configFlag(named: string | undefined): string {
  if (named !== undefined) return named
  const near = relative(process.cwd(), DEFAULT)
  return near.startsWith('..') ? DEFAULT : near
}

/** Who tries the program for the first time has no key, and should hear of the demo. */
export function withDemoHint(error: unknown): unknown {
  if (!(error instanceof ConfigError) || !error.unset.includes('OPENAI_API_KEY')) return error
  return new UsageError(
    `${error.message}\nno OPENAI_API_KEY is set; "npm run demo" shows everything without a key and without a network`,
  )
}
