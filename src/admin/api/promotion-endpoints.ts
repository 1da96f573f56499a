import { z } from 'zod'
import { shownFiles } from '../../operations/shown-files.ts'
import { JournalEntry } from '../../tuning/journal-entry.ts'
import { MARGIN } from '../../tuning/trial.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { doJob, entryOf } from './job-refusal.ts'
import { Refused } from './refused.ts'
import { knownCandidate } from './tuning-endpoints.ts'
import type { TuningParts } from './tuning-parts.ts'

/**
 * Decisions about the live classifier. Each is in force in this process once the response is sent; if the
 * configuration has a fault elsewhere, the decision stands in the journal and the response says what keeps it from
 * taking effect.
 */
export function promotionEndpoints({ workshop, inForce, reload }: TuningParts): readonly Endpoint[] {
  const inForceNow = async (entry: JournalEntry) => {
    const why = await reload()
    if (why === undefined) return entry
    const fault = shownFiles(why, { candidates: inForce().candidates })
    const message = `Recorded, but not in force until the configuration is mended: ${fault}`
    throw new Refused(409, 'configuration_refused', message)
  }
  return [
    endpoint({
      method: 'POST',
      path: '/api/tuning/promote',
      role: 'admin',
      summary:
        'Promote a candidate to live, unless it is less accurate than what is live by more than the margin.',
      body: z.strictObject({
        version: z.string(),
        margin: z
          .number()
          .min(0)
          .max(1)
          .default(MARGIN)
          .describe('Accuracy it may lose; 0.01 is one percentage point.'),
      }),
      answer: JournalEntry,
      async run({ body: { version, margin }, caller }) {
        knownCandidate(inForce().candidates, version)
        const { decided, trial, notes } = await doJob(
          workshop.run('promote', { version, margin, by: caller.name }),
        )
        return inForceNow(entryOf(decided, { trial: trial ?? null, notes }))
      },
    }),
    endpoint({
      method: 'POST',
      path: '/api/tuning/shadow',
      role: 'admin',
      summary: 'Run a candidate in shadow: it judges every request and decides nothing. `null` ends it.',
      body: z.strictObject({ version: z.string().nullable() }),
      answer: JournalEntry,
      async run({ body: { version }, caller }) {
        if (version !== null) knownCandidate(inForce().candidates, version)
        return inForceNow(entryOf(await doJob(workshop.run('shadow', { version, by: caller.name }))))
      },
    }),
    endpoint({
      method: 'POST',
      path: '/api/tuning/rollback',
      role: 'admin',
      summary: 'Roll the last promotion back.',
      body: z.strictObject({ why: z.string().min(1).max(500).default('rolled back') }),
      answer: JournalEntry,
      async run({ body: { why }, caller }) {
        return inForceNow(entryOf(await doJob(workshop.run('rollback', { by: caller.name, why }))))
      },
    }),
  ]
}
