import type { ReactElement } from 'react'
import type { RequestPage } from '../../../admin/api/answers/request-page.ts'
import { Section } from '../../parts/section.tsx'
import { usdOfNano, usdPlaces } from '../../wording/money.ts'
import { count, percent } from '../../wording/numbers.ts'
import { Facts } from './facts.tsx'
import classes from './request.module.css'

/** From hold to settlement: the amount held, the actual cost, and what was released. */
export function Money({ row }: Pick<RequestPage, 'row'>): ReactElement {
  const { held_nusd: held, cost_nusd: cost, baseline_nusd: baseline } = row
  const largest = Math.max(held, cost ?? 0, baseline ?? 0)
  return (
    <Section title="Money" about={SOURCES[row.usage_source ?? ''] ?? ''}>
      <div className={classes.bars}>
        <Bar name="Held before" nano={held} largest={largest} tone="held" />
        <Bar name="Cost" nano={cost} largest={largest} tone="paid" />
        <Bar name="At the baseline" nano={baseline} largest={largest} tone="baseline" />
      </div>
      <Facts
        aligned
        facts={[
          ['Given back', cost === null ? '–' : exact(held - cost)],
          [
            'Saved',
            cost === null || baseline === null ? '–' : `${exact(baseline - cost)}${shareOf(cost, baseline)}`,
          ],
          ['Input tokens', tokens(row.input_tokens)],
          ['of them cached', tokens(row.cached_tokens)],
          ['Output tokens', tokens(row.output_tokens)],
          ['of them reasoning', tokens(row.reasoning_tokens)],
        ]}
      />
    </Section>
  )
}

function Bar({
  name,
  nano,
  largest,
  tone,
}: {
  readonly name: string
  readonly nano: number | null
  readonly largest: number
  readonly tone: 'held' | 'paid' | 'baseline'
}): ReactElement {
  const width = nano === null || largest === 0 ? 0 : (100 * nano) / largest
  return (
    <>
      <span className="quiet">{name}</span>
      <svg width="100%" height="10" aria-hidden="true">
        <rect
          height="10"
          rx="2"
          style={{ width: `max(${width > 0 ? 2 : 0}px, ${width}%)` }}
          className={classes[tone]}
        />
      </svg>
      <span className={classes.amount}>{nano === null ? '–' : exact(nano)}</span>
    </>
  )
}

const SOURCES: Readonly<Record<string, string>> = {
  reported: 'From the usage the upstream reported',
  estimated: 'From tokens counted here: the upstream reported none',
  bound: 'At its upper bound: the usage is unknown',
  none: 'Nothing was sent upstream',
}

/** To the nano-dollar, as in the ledger. */
function exact(nano: number): string {
  return usdPlaces(usdOfNano(nano), 9)
}

function shareOf(cost: number, baseline: number): string {
  return baseline > 0 ? `, ${percent((baseline - cost) / baseline)}` : ''
}

function tokens(number: number | null): string {
  return number === null ? '–' : count(number)
}
