import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigError } from '../../config/file/config-error.ts'
import { UsageError } from '../command.ts'

/** The shipped configuration: beside `src/` in a checkout, beside `dist/` in a package. */
const SHIPPED = join(import.meta.dirname, '..', '..', '..', 'config', 'trivium.yaml')
/** Looked up in the current directory, in this order. */
const NEAR = [join('config', 'trivium.yaml'), 'trivium.yaml']

/** The configuration of the current directory, if there is one. */
export function nearConfig(): string | undefined {
  return NEAR.find((file) => existsSync(file))
}

/**
 * The configuration file a command uses: the one given by `--config`, else that of the current directory,
 * else the shipped one. The packaged file comes last because a key created in it would serve no one and
 * disappear with the next version.
 */
export function configFlag(named: string | undefined): string {
  return named ?? nearConfig() ?? SHIPPED
}

/** A first-time user has no API key yet and should learn about the demo. */
export function withDemoHint(error: unknown): unknown {
  if (!(error instanceof ConfigError) || !error.unset.includes('OPENAI_API_KEY')) return error
  return new UsageError(
    `${error.message}\nOPENAI_API_KEY is not set; "npm run demo" (installed: "trivium demo") shows everything without a key or a network`,
  )
}
