import { DAY } from '../../base/durations.ts'
import { parseDuration } from '../../config/schema/units.ts'
import { MOST_GRACE, renewKey } from '../../operations/team-keys.ts'
import { type ExitCode, type Io, UsageError } from '../command.ts'
import { noteKey } from '../pages/key-note.ts'
import { warnOfFaults } from './fault-warning.ts'
import { type KeyFlags, required } from './key-flags.ts'
import { showKey } from './show-key.ts'

/** Gives a key a new secret. Without `--grace` the old one stops working at once. */
export async function rotate(flags: KeyFlags, io: Io): Promise<ExitCode> {
  const { by, config } = flags
  const [team, id] = [required(flags, 'team'), required(flags, 'id')]
  const subject = `${team}/${id}`
  const oldServesUntil = endOfGrace(flags.grace)
  const renewed = renewKey(config, { team, id, oldServesUntil })
  if (renewed === undefined) {
    io.stderr.write(`no key ${subject} in ${config}\n`)
    return 1
  }
  const rotated = { ...renewed, old_serves_until: oldServesUntil ?? null }
  showKey(rotated, flags, io)
  io.stderr.write(
    oldServesUntil === undefined
      ? 'the old secret stops working now\n'
      : `the old secret works until ${oldServesUntil}\n`,
  )
  const detail = `the old one until ${oldServesUntil ?? new Date().toISOString()}`
  warnOfFaults(config, io)
  await noteKey(config, { who: by, action: 'key_rotated', subject, detail }, io)
  return 0
}

/** When the old secret stops working, as in the configuration; undefined for at once. */
function endOfGrace(grace: string | undefined): string | undefined {
  const graceMs = grace === undefined ? 0 : parseDuration(grace)
  if (graceMs === undefined) throw new UsageError('--grace: expected a duration such as 24h')
  if (graceMs > MOST_GRACE) throw new UsageError(`--grace: at most ${MOST_GRACE / DAY}d`)
  return graceMs === 0 ? undefined : new Date(Date.now() + graceMs).toISOString()
}
