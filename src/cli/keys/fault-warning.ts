import { ConfigError } from '../../config/file/config-error.ts'
import { loadWithoutSecrets } from '../../config/load.ts'
import type { Io } from '../command.ts'

/**
 * Says on stderr that a changed configuration has a fault. A server loads no such file: a key that was revoked in it goes
 * on serving. Secrets may be unset here.
 */
export function warnOfFaults(config: string, { env, stderr }: Pick<Io, 'env' | 'stderr'>): void {
  try {
    loadWithoutSecrets(config, env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const [first] = error.message.split('\n')
    stderr.write(`running servers keep the keys they have until this is mended: ${first}\n`)
  }
}
