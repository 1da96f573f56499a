import { Text } from '@mantine/core'
import type { ReactElement } from 'react'
import type { Savings } from '../../../admin/api/answers/savings.ts'
import { Section } from '../../parts/section.tsx'
import { count } from '../../wording/numbers.ts'
import classes from './savings.module.css'

const REASONS = [
  ['refused', 'Refused: nothing was sent'],
  ['no_usage', 'No usage was reported'],
  ['estimated', 'Usage is an estimate'],
  ['no_baseline', 'The baseline has no price'],
  ['unsettled', 'Unsettled: counted at its bound'],
] as const

/** What is left out of both sides, and why. */
export function NotCompared({ total }: Pick<Savings, 'total'>): ReactElement {
  return (
    <Section title="Not compared" about="Left out of both sides">
      <dl className={classes.reasons}>
        {REASONS.map(([reason, words]) => (
          <div key={reason}>
            <Text component="dt" size="xs" className="quiet">
              {words}
            </Text>
            <Text component="dd" m={0} className="numbers">
              {count(total.not_compared[reason])}
            </Text>
          </div>
        ))}
      </dl>
    </Section>
  )
}
