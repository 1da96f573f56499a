import type { MadeKey } from '../../operations/team-keys.ts'
import type { Io } from '../command.ts'
import type { KeyFlags } from './key-flags.ts'

/** Prints a new secret, alone on stdout so that it can be piped: this is the only time anybody sees it. */
export function showKey(
  made: Pick<MadeKey, 'team' | 'id' | 'key'>,
  { json, config }: KeyFlags,
  { stdout, stderr }: Io,
): void {
  if (json) stdout.write(`${JSON.stringify(made)}\n`)
  else {
    stdout.write(`${made.key}\n`)
    stderr.write(`key ${made.team}/${made.id}: not shown again; ${config} keeps only its SHA-256\n`)
  }
}
