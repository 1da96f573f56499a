import { Text } from '@mantine/core'
import type { ReactElement } from 'react'
import type { RequestPage } from '../../../admin/api/answers/request-page.ts'
import { Section } from '../../parts/section.tsx'
import type { Evidence } from './evidence.ts'
import { Facts } from './facts.tsx'
import classes from './request.module.css'

interface RoadProps extends Pick<RequestPage, 'row'> {
  readonly evidence: Evidence | undefined
}

/**
 * The path of a request: the requested model, the candidates skipped and why, the model that served, and how
 * the body was adapted to it.
 */
export function Road({ row, evidence }: RoadProps): ReactElement {
  const steps = row.adapted?.split(', ') ?? []
  return (
    <Section title="Where it went">
      <Facts
        facts={[
          ['Asked for', row.requested_model],
          ['Went to', row.target ?? 'nowhere'],
          ['Answered by', row.answered_model ?? '–'],
          ['Upstream', row.upstream ?? '–'],
          ['Attempts', row.attempts ?? '–'],
          ['Status', [row.status ?? '–', row.error_code].filter((each) => each !== null).join(' ')],
        ]}
      />
      <Candidates row={row} evidence={evidence} />
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

/** Each candidate that was skipped, and the model that served. */
function Candidates({ row, evidence }: RoadProps): ReactElement | null {
  if (evidence === undefined || row.target === null) return null
  const against = evidence.passed_over ?? []
  return (
    <>
      <Text size="xs" fw={500} mt="md" mb={6} className="quiet">
        Candidates
      </Text>
      <ul className={classes.plain}>
        {against.map(({ model, upstream, in: may, why }) => (
          <li key={`${model}:${upstream}`} className={classes.candidate}>
            <span className={classes.out}>{model}</span>
            <span className="quiet">
              {may ? 'put last: ' : ''}
              {why}
            </span>
          </li>
        ))}
        <li className={classes.candidate}>
          <span>{row.target}</span>
          <span className="quiet">
            {evidence.reordered ?? (against.length === 0 ? 'first of its route' : 'served')}
          </span>
        </li>
      </ul>
    </>
  )
}
