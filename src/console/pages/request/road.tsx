import { Text } from '@mantine/core'
import type { ReactElement } from 'react'
import type { RequestPage } from '../../../admin/api/answers/request-page.ts'
import { Section } from '../../parts/section.tsx'
import { counted } from '../../wording/numbers.ts'
import { Facts } from './facts.tsx'
import classes from './request.module.css'

/** Where it went: what was asked for, what served, how the body was bent for it. */
export function Road({ row }: Pick<RequestPage, 'row'>): ReactElement {
  const steps = row.adapted?.split(', ') ?? []
  return (
    <Section title="Where it went">
      <Facts
        facts={[
          ['Asked for', row.requested_model],
          ['Went to', row.target ?? 'nowhere'],
          ['Answered by', row.answered_model ?? '–'],
          ['Upstream', row.upstream ?? '–'],
          ['Attempts', row.attempts === null ? '–' : counted(row.attempts, 'attempt')],
          ['Status', [row.status ?? '–', row.error_code].filter((each) => each !== null).join(' ')],
        ]}
      />
      {steps.length > 0 && (
        <>
          <Text size="xs" fw={500} mt="md" mb={6} className="quiet">
            Adapted for the model
          </Text>
          <ul className={classes.steps}>
            {steps.map((step) => (
              <li key={step}>
                <code>{step}</code>
              </li>
            ))}
          </ul>
        </>
      )}
    </Section>
  )
}
