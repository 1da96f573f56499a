import type { Io } from '../command.ts'

/** Whether to write in colour and bold: to a terminal, unless `NO_COLOR` is set (no-color.org). */
export function wantsColour({ stdout, env }: Pick<Io, 'stdout' | 'env'>): boolean {
  return stdout.isTTY === true && (env.NO_COLOR ?? '') === ''
}
