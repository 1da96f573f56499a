import { revokeKey } from '../../operations/team-keys.ts'
import type { ExitCode, Io } from '../command.ts'
import { noteKey } from '../pages/key-note.ts'
import { warnOfFaults } from './fault-warning.ts'
import { type KeyFlags, required } from './key-flags.ts'

/** Removes a key from the configuration. Exit code 1: there is none of that name. */
export async function revoke(flags: KeyFlags, io: Io): Promise<ExitCode> {
  const { by, config } = flags
  const [team, id] = [required(flags, 'team'), required(flags, 'id')]
  const subject = `${team}/${id}`
  const removed = revokeKey(config, team, id)
  if (flags.json) io.stdout.write(`${JSON.stringify({ team, id, revoked: removed })}\n`)
  else io.stderr.write(removed ? `key ${subject} is revoked\n` : `no key ${subject} in ${config}\n`)
  if (!removed) return 1
  warnOfFaults(config, io)
  await noteKey(config, { who: by, action: 'key_revoked', subject, detail: '' }, io)
  return 0
}
