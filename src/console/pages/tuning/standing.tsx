import { Badge, Button, Group, Paper, Text } from '@mantine/core'
import type { ReactElement, ReactNode } from 'react'
import type { Tuning } from '../../../admin/api/answers/tuning.ts'
import { ago } from '../../wording/times.ts'

interface Props {
  readonly tuning: Tuning
  /** Absent: the user lacks the right. */
  readonly rollBack?: (() => void) | undefined
}

/** The live classifier, and the one running in shadow. */
export function Standing({ tuning, rollBack }: Props): ReactElement {
  const { live, shadow } = tuning
  return (
    <Paper px="lg" py="sm" mb="lg" component="section" aria-label="In force">
      <Group justify="space-between">
        <Group gap="xl" style={{ rowGap: 10 }}>
          <Fact name="Live">
            {live.version === null ? 'the configuration’s own rules' : <Version of={live.version} />}
            {live.since !== null && (
              <Text span size="xs" className="quiet">
                since {ago(live.since)}, by {live.by}
              </Text>
            )}
          </Fact>
          <Fact name="Shadow">
            {shadow.version !== null ? (
              <Version of={shadow.version} />
            ) : (
              <Text span size="sm" className="quiet">
                {shadow.is_own ? 'as the configuration names it' : 'none'}
              </Text>
            )}
          </Fact>
          <Fact name="Rules">
            <Version of={live.rules_version} />
          </Fact>
          <Fact name="Weights">
            <Version of={live.weights_version} />
          </Fact>
        </Group>
        {rollBack !== undefined && (
          <Button variant="default" onClick={rollBack} disabled={!tuning.can_roll_back}>
            Roll back
          </Button>
        )}
      </Group>
    </Paper>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <Group gap="xs">
      <Text size="sm" className="quiet">
        {name}
      </Text>
      <Group gap="xs">{children}</Group>
    </Group>
  )
}

/** A version, in monospace. */
export function Version({ of }: { readonly of: string }): ReactElement {
  return (
    <Badge variant="default" ff="monospace">
      {of}
    </Badge>
  )
}
