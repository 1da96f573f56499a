import { type ParseArgsConfig, parseArgs } from 'node:util'
import { suggest } from '../../config/file/nearest.ts'
import { UsageError } from '../command.ts'

/** Node's `parseArgs`, with its complaints turned into a `UsageError` of one line. */
export function readFlags<const T extends ParseArgsConfig>(
  args: readonly string[],
  config: T,
): ReturnType<typeof parseArgs<T & { args: string[] }>> {
  try {
    return parseArgs({ ...config, args: [...args] })
  } catch (error) {
    const known = Object.keys(config.options ?? {}).map((name) => `--${name}`)
    throw new UsageError(problemOf(error instanceof Error ? error.message : String(error), known))
  }
}

/**
 * The first line of Node's message, which names the problem; rephrased where it explains nothing without the
 * others.
 */
function problemOf(message: string, known: readonly string[]): string {
  const [problem = ''] = message.split('\n')
  const dashed = /^Option '(.+)' argument is ambiguous/.exec(problem)?.[1]
  if (dashed !== undefined) {
    return `Option '${dashed}' argument missing; write one that starts with a dash as ${dashed}=-VALUE`
  }
  const unknown = /^Unknown option '(.+?)'/.exec(problem)?.[1]
  return unknown === undefined ? problem : `Unknown option '${unknown}'${suggest(unknown, known)}`
}
