import type { ReactElement, ReactNode } from 'react'
import { Link } from 'wouter'
import type { Overview } from '../../../admin/api/answers/overview.ts'
import { Figures } from '../../parts/figures.tsx'
import { HOURS, useLook } from '../../parts/window-picker.tsx'
import { usd } from '../../wording/money.ts'
import { compact, count, counted, percent } from '../../wording/numbers.ts'

/** Requests, actual cost, baseline cost and failures. */
export function Headline({ totals, confidence_histogram: histogram }: Overview): ReactElement {
  const { cost_usd: cost, baseline_usd: baseline, requests } = totals
  const saved = baseline - cost
  const failed = totals.upstream_error + totals.broken
  const verdicts = histogram.reduce((sum, each) => sum + each, 0)
  const sure = histogram[9] ?? 0
  return (
    <Figures
      figures={[
        { name: 'Spend', value: usd(cost), about: `${usd(baseline)} at the baseline` },
        {
          name: saved >= 0 ? 'Saved' : 'Cost more',
          value: baseline > 0 ? percent(Math.abs(saved) / baseline, 1) : '–',
          about: `${usd(Math.abs(saved))}, same tokens`,
          colour: saved > 0 ? 'var(--good)' : undefined,
        },
        {
          name: 'Requests',
          value: count(requests),
          about: `${compact(totals.input_tokens + totals.output_tokens)} tokens`,
        },
        {
          name: 'Failed',
          value: requests > 0 ? percent(failed / requests, 2) : '–',
          about: (
            <>
              <Look at="outcome=upstream_error">{count(totals.upstream_error)} upstream</Look> ·{' '}
              <Look at="outcome=broken">{count(totals.broken)} torn</Look>
            </>
          ),
          colour: requests > 0 && failed / requests > 0.02 ? 'var(--bad)' : undefined,
        },
        {
          name: 'Refused',
          value: requests > 0 ? percent(totals.refused / requests, 2) : '–',
          about: <Look at="outcome=refused">{counted(totals.refused, 'request')}</Look>,
        },
        {
          name: 'Confident verdicts',
          value: verdicts > 0 ? percent(sure / verdicts) : '–',
          about: <Look at="confidence_max=0.9">{count(verdicts - sure)} are below 0.9</Look>,
        },
      ]}
    />
  )
}

/** Links to the requests that a figure counts. */
function Look({ at, children }: { readonly at: string; readonly children: ReactNode }): ReactElement {
  const { window, team } = useLook()
  const search = new URLSearchParams(at)
  search.set('since', String(HOURS[window]))
  if (team !== undefined) search.set('team', team)
  return (
    <Link href={`/requests?${search}`} className="look">
      {children}
    </Link>
  )
}
