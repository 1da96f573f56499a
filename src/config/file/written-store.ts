import { z } from 'zod'
import { ConfigError } from './config-error.ts'
import { parseYaml, problemAt, valuesOf } from './document.ts'
import { type Environment, substitute } from './environment.ts'
import { readText } from './read-text.ts'

const Written = z.looseObject({
  store: z.looseObject({ sqlite: z.string().optional(), postgres: z.string().optional() }).nullish(),
})

/**
 * The ledger's location as written in a configuration file: its database address or its file. Undefined if
 * the file does not say. The rest of the file is not validated, and only variables used there are required.
 * Throws a `ConfigError`.
 */
export function readStore(file: string, env: Environment): string | undefined {
  const yaml = parseYaml(file, readText(file))
  const written = Written.safeParse(valuesOf(yaml)).data?.store ?? {}
  const name = written.postgres === undefined ? 'sqlite' : 'postgres'
  const { text, unset } = substitute(written[name] ?? '', env)
  if (unset.length === 0) return text === '' ? undefined : text
  const message = `environment variable ${unset.join(', ')} is not set`
  throw new ConfigError([problemAt(yaml, ['store', name], message)], unset)
}
