import { ConfigError, formatProblem } from '../../config/file/config-error.ts'
import { whyUnset } from '../../config/file/environment.ts'
import { loadWithoutSecrets } from '../../config/load-without-secrets.ts'
import type { Io } from '../command.ts'

/**
 * Says on stderr that a changed configuration has a fault. A server loads no such file: a key that was revoked in it goes
 * on serving. Variables of the server's environment need not be set here.
 */
export function warnOfFaults(config: string, { env, stderr }: Pick<Io, 'env' | 'stderr'>): void {
  try {
    loadWithoutSecrets(config, env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const unset = new Set(error.unset.map(whyUnset))
    const fault = error.problems.find(({ message }) => !unset.has(message))
    if (fault === undefined) return
    stderr.write(`running servers keep the keys they have until this is mended: ${formatProblem(fault)}\n`)
  }
}
