import { Group, Stack, Text } from '@mantine/core'
import type { ReactElement } from 'react'
import type { Overview } from '../../../admin/api/answers/overview.ts'
import { Section } from '../../parts/section.tsx'

/** The parts of the `/readyz` response. */
export function HealthList({ health }: Pick<Overview, 'health'>): ReactElement {
  const parts = Object.entries(health.checks).filter(
    ([part, state]) => part !== 'draining' || state !== 'false',
  )
  return (
    <Section title="Health" about={health.ready ? 'Ready to serve' : 'Not ready: send no traffic here'}>
      <Stack gap="xs">
        {parts.map(([part, state]) => (
          <Group key={part} justify="space-between" gap="xs" wrap="nowrap">
            <Text size="sm">{part.replaceAll('_', ' ')}</Text>
            <Group gap={6} wrap="nowrap">
              <svg width="8" height="8" aria-hidden="true">
                <circle cx="4" cy="4" r="4" fill={state === 'ok' ? 'var(--good)' : 'var(--bad)'} />
              </svg>
              <Text size="sm" className="quiet">
                {state}
              </Text>
            </Group>
          </Group>
        ))}
      </Stack>
    </Section>
  )
}
