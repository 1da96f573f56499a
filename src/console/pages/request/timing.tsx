import type { ReactElement } from 'react'
import type { RequestPage } from '../../../admin/api/answers/request-page.ts'
import { Section } from '../../parts/section.tsx'
import { duration } from '../../wording/times.ts'
import { Facts } from './facts.tsx'
import classes from './request.module.css'

/** Duration: the proxy itself, until the first byte, and until the last. */
export function Timing({ row }: Pick<RequestPage, 'row'>): ReactElement {
  const { ms_total: total, ms_to_first_byte: first, ms_proxy: proxy } = row
  if (total === null) {
    return (
      <Section title="Time">
        <Facts facts={[['Total', 'still in flight']]} />
      </Section>
    )
  }
  const waited = first ?? total
  const own = Math.min(proxy ?? 0, total)
  const share = (ms: number) => `${total > 0 ? (100 * ms) / total : 0}%`
  return (
    <Section title="Time">
      <svg width="100%" height="12" className={classes.time} aria-hidden="true">
        <rect width="100%" height="12" fill="var(--line)" />
        <rect width={share(waited)} height="12" className={classes.baseline} />
        <rect width={share(own)} height="12" className={classes.paid} />
      </svg>
      <Facts
        aligned
        facts={[
          ['Trivium itself', proxy === null ? '–' : duration(proxy)],
          ['To the first byte', first === null ? '–' : duration(first)],
          ['First to last byte', first === null ? '–' : duration(Math.max(0, total - first))],
          ['Total', duration(total)],
        ]}
      />
    </Section>
  )
}
