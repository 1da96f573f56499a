import { ConfigError } from './file/config-error.ts'
import { type Environment, whyUnset } from './file/environment.ts'
import { type Config, loadConfig } from './load.ts'

/** Resolves nowhere, and says why to whoever tries. */
const NOWHERE = 'variable-not-set.invalid'

/**
 * Of these, one fits wherever a configuration may name a variable: texts, addresses, numbers, times, sizes,
 * hashes.
 */
const STAND_INS = [
  'unset',
  `https://${NOWHERE}`,
  `redis://${NOWHERE}`,
  `postgres://${NOWHERE}/unset`,
  `${NOWHERE}:1`,
  '1',
  '7d',
  '1MiB',
  '0'.repeat(64),
]

/**
 * Reads a configuration for callers that use no value of the environment: variables may be unset, and something that
 * fits stands in for each. Throws a `ConfigError`.
 */
export function loadWithoutSecrets(file: string, env: Environment): Config {
  const choices = new Map<string, number>()
  let first: ConfigError | undefined
  for (;;) {
    const standIns = Object.fromEntries([...choices].map(([name, choice]) => [name, STAND_INS[choice]]))
    try {
      return loadConfig(file, { ...env, ...standIns })
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      first ??= error
      const misfits = misfitsIn(error, first)
      if (misfits.length === 0) throw error
      for (const name of misfits) choices.set(name, (choices.get(name) ?? -1) + 1)
      if ([...choices.values()].includes(STAND_INS.length)) throw first
    }
  }
}

/** The variables that have no value yet, or one that does not fit where they stand. */
function misfitsIn(error: ConfigError, first: ConfigError): readonly string[] {
  return first.unset.filter((name) =>
    first.problems.some(
      ({ path, message }) =>
        message === whyUnset(name) &&
        error.problems.some((problem) => path === problem.path || path.startsWith(`${problem.path}[`)),
    ),
  )
}
