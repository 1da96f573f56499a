import { Alert, Badge, Button, Group, Paper, Stack, Table, Text } from '@mantine/core'
import type { ReactElement } from 'react'
import type { Tuning } from '../../../admin/api/answers/tuning.ts'
import { Empty } from '../../parts/state.tsx'
import { WideTable } from '../../parts/wide-table.tsx'
import { counted, percent } from '../../wording/numbers.ts'
import { ago } from '../../wording/times.ts'
import { Version } from './standing.tsx'

type Manifest = Tuning['candidates'][number]

export interface CandidateActions {
  edit(version: string): void
  /** Null: ends the shadow. */
  shadow(version: string | null): void
  promote(version: string): void
}

interface Props {
  readonly tuning: Tuning
  readonly actions: CandidateActions
  readonly mayDecide: boolean
}

/** Candidates: rules and weights that may go live, and what is wrong with those that cannot be read. */
export function CandidateTable(props: Props): ReactElement {
  const { unreadable } = props.tuning
  return (
    <Stack gap="md">
      {unreadable.length > 0 && (
        <Alert variant="default" title="Not all candidates can be read">
          {unreadable.map((each) => (
            <Text size="sm" key={each}>
              {each}
            </Text>
          ))}
        </Alert>
      )}
      <Readable {...props} />
    </Stack>
  )
}

function Readable({ tuning, actions, mayDecide }: Props) {
  if (tuning.candidates.length === 0) {
    return (
      <Paper>
        <Empty title="No candidates yet">
          Save edited rules as one, or train one from labels: trivium train --from-log --candidate
        </Empty>
      </Paper>
    )
  }
  return (
    <Paper p="lg" component="section" aria-label="Candidates">
      <WideTable name="Candidates" least={720} verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>version</Table.Th>
            <Table.Th>made</Table.Th>
            <Table.Th>of</Table.Th>
            <Table.Th>note</Table.Th>
            <Table.Th aria-label="what may be done" />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {tuning.candidates.map((manifest) => (
            <Line
              key={manifest.version}
              manifest={manifest}
              tuning={tuning}
              actions={actions}
              mayDecide={mayDecide}
            />
          ))}
        </Table.Tbody>
      </WideTable>
    </Paper>
  )
}

interface LineProps extends Props {
  readonly manifest: Manifest
}

function Line({ manifest, tuning, actions, mayDecide }: LineProps) {
  const { version, at, by, note } = manifest
  const isLive = tuning.live.version === version
  const isShadow = tuning.shadow.version === version
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap="xs">
          <Version of={version} />
          {isLive && (
            <Badge variant="default" c="var(--good)">
              live
            </Badge>
          )}
          {isShadow && (
            <Badge variant="default" className="quiet">
              shadow
            </Badge>
          )}
        </Group>
      </Table.Td>
      <Table.Td>
        <Text size="sm">{ago(at)}</Text>
        <Text size="xs" className="quiet">
          by {by}
        </Text>
      </Table.Td>
      <Table.Td>
        <Text size="sm">{originOf(manifest)}</Text>
      </Table.Td>
      <Table.Td maw={320}>
        <Text size="sm" lineClamp={2}>
          {note === '' ? '–' : note}
        </Text>
      </Table.Td>
      <Table.Td>
        <Group gap="xs" justify="flex-end" wrap="nowrap">
          <Button variant="subtle" onClick={() => actions.edit(version)}>
            Open
          </Button>
          {mayDecide && (
            <>
              <Button
                variant="default"
                disabled={isLive}
                onClick={() => actions.shadow(isShadow ? null : version)}
              >
                {isShadow ? 'End shadow' : 'Shadow'}
              </Button>
              <Button disabled={isLive} onClick={() => actions.promote(version)}>
                Promote
              </Button>
            </>
          )}
        </Group>
      </Table.Td>
    </Table.Tr>
  )
}

function originOf({ training }: Manifest): string {
  if (training === null) return 'edited rules'
  const labels = Object.values(training.labels).reduce((sum, each) => sum + each, 0)
  const learnt = counted(labels, 'label')
  if (training.left_out === null) return learnt
  const { before, after } = training.left_out
  return `${learnt}; left out ${percent(before, 1)} → ${percent(after, 1)}`
}
