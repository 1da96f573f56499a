import { checkClassifiers } from '../../config/configuration.ts'
import { ConfigError, formatProblem, type Problem } from '../../config/file/config-error.ts'
import { whyUnset } from '../../config/file/environment.ts'
import { type Config, loadConfig } from '../../config/load.ts'
import { loadWithoutSecrets } from '../../config/load-without-secrets.ts'
import { checkContradictions } from '../../config/runtime.ts'
import type { Io } from '../command.ts'

/**
 * Says on stderr that a changed configuration has a fault. A server loads no such file: a key that was
 * revoked in it goes on serving. Variables of the server's environment need not be set here.
 */
export function warnOfFaults(config: string, { env, stderr }: Pick<Io, 'env' | 'stderr'>): void {
  const fault = faultIn(config, env)
  if (fault === undefined) return
  stderr.write(`running servers keep the keys they have until this is mended: ${formatProblem(fault)}\n`)
}

function faultIn(file: string, env: Io['env']): Problem | undefined {
  try {
    const config = loadWithoutSecrets(file, env)
    checkContradictions(config)
    return faultOfClassifiers(config, env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const unknown = pathsOfUnset(file, env)
    return error.problems.find(({ path }) => !unknown.some((each) => isWithin(each, path)))
  }
}

/** Nothing is known of files whose names only the server's environment has. */
function faultOfClassifiers(config: Config, env: Io['env']): Problem | undefined {
  try {
    checkClassifiers(config)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const isNamedElsewhere = pathsOfUnset(config.files.config, env).some(
      (path) => isWithin(path, 'classifier') || isWithin(path, 'shadow'),
    )
    return isNamedElsewhere ? undefined : error.problems[0]
  }
  return undefined
}

/** Keys whose values only the server's environment has: what stands in for one may contradict something else. */
function pathsOfUnset(file: string, env: Io['env']): readonly string[] {
  try {
    loadConfig(file, env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const unset = new Set(error.unset.map(whyUnset))
    return error.problems.flatMap(({ path, message }) => (unset.has(message) ? [path] : []))
  }
  return []
}

function isWithin(path: string, outer: string): boolean {
  return path === outer || (outer !== '' && (path.startsWith(`${outer}.`) || path.startsWith(`${outer}[`)))
}
