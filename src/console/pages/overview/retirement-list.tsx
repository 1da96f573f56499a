import { Group, Stack, Text } from '@mantine/core'
import type { ReactElement } from 'react'
import type { Overview } from '../../../admin/api/answers/overview.ts'
import { Section } from '../../parts/section.tsx'
import { Empty } from '../../parts/state.tsx'
import { counted } from '../../wording/numbers.ts'
import { date } from '../../wording/times.ts'

/** A date closer than this is shown in a warning colour. */
const SOON_DAYS = 60

/** Models that their vendors are retiring, and how much traffic they still get. */
export function RetirementList({ retirements }: Pick<Overview, 'retirements'>): ReactElement {
  return (
    <Section title="Retirement dates" about="A retired model is skipped for the next one">
      {retirements.length === 0 ? (
        <Empty title="None announced" height={120} />
      ) : (
        <Stack gap="xs">
          {retirements.map(({ model, at, days, routed }) => (
            <Group key={model} justify="space-between" gap="xs" wrap="nowrap">
              <div>
                <Text size="sm">{model}</Text>
                <Text size="xs" className="quiet numbers">
                  {routed === 0 ? 'nothing goes there' : `${counted(routed, 'request')} went there`}
                </Text>
              </div>
              <div>
                <Text size="sm" ta="right" className="numbers">
                  {date(at)}
                </Text>
                <Text
                  size="xs"
                  ta="right"
                  className="numbers"
                  c={days < SOON_DAYS && routed > 0 ? 'var(--warning)' : 'var(--quiet)'}
                >
                  {days >= 0 ? `in ${counted(days, 'day')}` : `${counted(-days, 'day')} ago`}
                </Text>
              </div>
            </Group>
          ))}
        </Stack>
      )}
    </Section>
  )
}
