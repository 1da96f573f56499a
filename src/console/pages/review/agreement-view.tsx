import { Grid, Paper, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core'
import type { ReactElement } from 'react'
import { Agreement } from '../../../admin/api/answers/agreement.ts'
import { useAnswer } from '../../api/use-api.ts'
import { Answered, Empty } from '../../parts/state.tsx'
import { WideTable } from '../../parts/wide-table.tsx'
import { percent } from '../../wording/numbers.ts'
import { ConfusionMatrix } from './confusion-matrix.tsx'
import { IntervalBar } from './interval-bar.tsx'
import { ReliabilityPlot } from './reliability-plot.tsx'

interface Props {
  readonly team: string | undefined
  /** ISO 8601; undefined: all labels. */
  readonly since: string | undefined
}

/** How often people and the classifier agree, and whether its confidence is justified. */
export function AgreementView({ team, since }: Props): ReactElement {
  const agreement = useAnswer(Agreement, '/api/agreement', { team, since })
  return (
    <Answered of={agreement} what="labels">
      {(answer) =>
        answer.labelled === 0 ? (
          <Empty title="Nothing labelled yet">
            Label requests in the queue; what comes of it is shown here.
          </Empty>
        ) : (
          <Figures agreement={answer} />
        )
      }
    </Answered>
  )
}

function Figures({ agreement }: { readonly agreement: Agreement }) {
  return (
    <Stack gap="lg">
      <Grid gap="lg" align="stretch">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Paper p="lg" h="100%" component="section" aria-label="Agreement">
            <Title order={2} size="sm" className="quiet">
              Agreement
            </Title>
            <Text className="numbers" fz={34} fw={620} lh={1.3}>
              {agreement.agreement === null ? '–' : percent(agreement.agreement, 1)}
            </Text>
            <Text size="sm" className="quiet numbers" mb="lg">
              {agreement.labelled} labelled requests
              {agreement.interval !== null &&
                `, 95 %: ${percent(agreement.interval[0], 1)} to ${percent(agreement.interval[1], 1)}`}
              {!agreement.complete && '; the newest of more'}
            </Text>
            <ConfusionMatrix agreement={agreement} />
          </Paper>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Paper p="lg" h="100%" component="section" aria-label="Reliability">
            <Title order={2} size="sm" className="quiet" mb="md">
              Is it as sure as it may be?
            </Title>
            <ReliabilityPlot bands={agreement.reliability} />
          </Paper>
        </Grid.Col>
      </Grid>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <Groups title="By team" groups={agreement.teams.map((group) => ({ ...group, name: group.team }))} />
        <Groups
          title="By language"
          groups={agreement.languages.map((group) => ({ ...group, name: languageName(group.language) }))}
        />
      </SimpleGrid>
    </Stack>
  )
}

const LANGUAGES = new Intl.DisplayNames('en', { type: 'language', fallback: 'code' })

/** `de` is German. */
function languageName(code: string): string {
  return code === 'unknown' ? code : (LANGUAGES.of(code) ?? code)
}

interface Group extends Pick<Agreement, 'labelled' | 'agreement' | 'interval'> {
  readonly name: string
}

function Groups({ title, groups }: { readonly title: string; readonly groups: readonly Group[] }) {
  return (
    <Paper p="lg" component="section" aria-label={title}>
      <Title order={2} size="sm" className="quiet" mb="xs">
        {title}
      </Title>
      <WideTable name={title} least={320} verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{title.slice(3)}</Table.Th>
            <Table.Th ta="right">labels</Table.Th>
            <Table.Th ta="right">agree</Table.Th>
            <Table.Th w="45%">0 to 100 %, with 95 %</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {groups.map(({ name, labelled, agreement, interval }) => (
            <Table.Tr key={name}>
              <Table.Td>{name}</Table.Td>
              <Table.Td ta="right" className="numbers">
                {labelled}
              </Table.Td>
              <Table.Td ta="right" className="numbers">
                {agreement === null ? '–' : percent(agreement, 0)}
              </Table.Td>
              <Table.Td>
                <IntervalBar share={agreement} interval={interval} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </WideTable>
    </Paper>
  )
}
