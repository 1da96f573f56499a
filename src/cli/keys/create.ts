import { createKey, faultIn } from '../../operations/team-keys.ts'
import { type ExitCode, type Io, UsageError } from '../command.ts'
import { noteKey } from '../pages/key-note.ts'
import { warnOfFaults } from './fault-warning.ts'
import { type KeyFlags, required } from './key-flags.ts'
import { showKey } from './show-key.ts'

/** Makes a key, writes its hash into the configuration and prints it. */
export async function create(flags: KeyFlags, io: Io): Promise<ExitCode> {
  const { by, config, expires } = flags
  const wish = { team: required(flags, 'team'), id: flags.id, expires }
  const fault = faultIn(wish)
  if (fault !== undefined) throw new UsageError(`--${fault}`)
  const made = createKey(config, wish)
  showKey(made, flags, io)
  const subject = `${made.team}/${made.id}`
  const detail = expires === undefined ? '' : `until ${expires}`
  warnOfFaults(config, io)
  await noteKey(config, { who: by, action: 'key_created', subject, detail }, io)
  return 0
}
