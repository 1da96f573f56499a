import { z } from 'zod'
import { WEEK } from '../../base/durations.ts'
import { ShadowPage } from './answers/tuning.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { doJob } from './job-refusal.ts'
import { TIMES } from './list-query.ts'
import type { TuningParts } from './tuning-parts.ts'

/** What candidates running in shadow would have done. */
export function shadowEndpoint({ workshop, now }: TuningParts): Endpoint {
  return endpoint({
    method: 'GET',
    path: '/api/tuning/shadow',
    role: 'viewer',
    summary: 'Show what each shadow would have decided differently. Default: the last seven days.',
    query: z.strictObject({ ...TIMES, team: z.string().min(1).max(200).optional() }),
    answer: ShadowPage,
    async run({ query: { since = now() - WEEK, until, team } }) {
      const shadows = await doJob(workshop.run('shadowReport', { since, until, team }))
      return ShadowPage.parse({ shadows })
    },
  })
}
