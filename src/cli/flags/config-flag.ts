import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigError } from '../../config/file/config-error.ts'
import { UsageError } from '../command.ts'

/** What ships: beside `src/` in a checkout, beside `dist/` in a package. */
const SHIPPED = join(import.meta.dirname, '..', '..', '..', 'config', 'trivium.yaml')
/** Looked for in the folder a command is called in, in this order. */
const NEAR = [join('config', 'trivium.yaml'), 'trivium.yaml']

/** The configuration of the folder a command is called in, if there is one. */
export function nearConfig(): string | undefined {
  return NEAR.find((file) => existsSync(file))
}

/**
 * The configuration file a command works with: the one named by `--config`, else that of this folder, else what ships.
 * What a package brings comes last: a key made in it would serve nobody, and be gone with the next version.
 */
export function configFlag(named: string | undefined): string {
  return named ?? nearConfig() ?? SHIPPED
}

/** Who tries the program for the first time has no key, and should hear of the demo. */
export function withDemoHint(error: unknown): unknown {
  if (!(error instanceof ConfigError) || !error.unset.includes('OPENAI_API_KEY')) return error
  return new UsageError(
    `${error.message}\nno OPENAI_API_KEY is set; "npm run demo" shows everything without a key and without a network`,
  )
}
