import { z } from 'zod'
import { WEEK } from '../../base/durations.ts'
import { PROMPT_CLASSES } from '../../base/prompt-class.ts'
import type { ReplayRun as Run } from '../../operations/replay-runs.ts'
import { ReplayRun } from './answers/tuning.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { Refused } from './refused.ts'
import { knownCandidate } from './tuning-endpoints.ts'
import type { TuningParts } from './tuning-parts.ts'

const Wish = z
  .strictObject({
    rules: z.string().max(1_000_000).optional().describe('Text of the rules to try.'),
    version: z
      .string()
      .optional()
      .describe('Candidate to take the weights from, and the rules if none are given.'),
    abstain_below: z.number().min(0).max(1).optional(),
    abstain_to: z.enum(PROMPT_CLASSES).optional(),
    since: z.iso.datetime().optional().describe('Absent: seven days ago.'),
    until: z.iso.datetime().optional(),
    team: z.string().optional(),
  })
  .describe('Anything absent is taken from what is in force.')

/**
 * Replays recorded requests under other rules, weights or thresholds: one replay at a time, in its own
 * thread.
 */
export function replayEndpoints({ replays, inForce, now }: TuningParts): readonly Endpoint[] {
  const find = (run: Run | undefined, id: string): z.infer<typeof ReplayRun> => {
    if (run !== undefined) return shown(run)
    throw new Refused(404, 'replay_not_found', `Replay ${id.slice(0, 40)} is unknown or has been forgotten.`)
  }
  return [
    endpoint({
      method: 'POST',
      path: '/api/tuning/replay',
      role: 'reviewer',
      summary: 'Start a replay, which decides recorded requests again. No upstream is called.',
      body: Wish,
      answer: ReplayRun,
      status: 202,
      run({ body, caller }) {
        const { rules, version, team, since, until } = body
        if (version !== undefined) knownCandidate(inForce().candidates, version)
        const wish = {
          rules,
          version,
          abstainBelow: body.abstain_below,
          abstainTo: body.abstain_to,
          since: since === undefined ? now() - WEEK : Date.parse(since),
          until: until === undefined ? undefined : Date.parse(until),
          team,
        }
        const { run, isBusy } = replays.start(wish, caller.name)
        if (!isBusy) return shown(run)
        const message = `Another replay is running, started by ${run.by}: wait for it or cancel it.`
        throw new Refused(409, 'busy', message, { id: run.id, by: run.by })
      },
    }),
    endpoint({
      method: 'GET',
      path: '/api/tuning/replay/:id',
      role: 'viewer',
      summary: 'Show the progress or the result of a replay.',
      answer: ReplayRun,
      run: ({ params: { id } }) => find(replays.find(id), id),
    }),
    endpoint({
      method: 'DELETE',
      path: '/api/tuning/replay/:id',
      role: 'reviewer',
      summary: 'Cancel a replay.',
      answer: ReplayRun,
      run: ({ params: { id } }) => find(replays.cancel(id), id),
    }),
  ]
}

function shown({ startedAt, report, ...run }: Run): z.infer<typeof ReplayRun> {
  return {
    id: run.id,
    by: run.by,
    state: run.state,
    done: run.done,
    problem: run.problem,
    started_at: new Date(startedAt).toISOString(),
    report: report === null ? null : ReplayRun.shape.report.parse(report),
  }
}
