import { Group, Paper, Stack, Text, Title } from '@mantine/core'
import type { ReactElement, ReactNode } from 'react'
import { Link } from 'wouter'
import type { QueuedRequest } from '../../../admin/api/answers/review.ts'
import { CLASS_LOOKS } from '../../parts/class-names.ts'
import { usd, usdOfNano } from '../../wording/money.ts'
import { written } from '../../wording/written.ts'
import classes from './queue-lists.module.css'
import type { Answered } from './use-answered.ts'

/** The requests after the current one. */
export function NextList({ rows }: { readonly rows: readonly QueuedRequest[] }): ReactElement {
  return (
    <Sheet title="Next" note="Cost times doubt: the most instructive labels come first.">
      {rows.length === 0 && <Nothing>This is the last one.</Nothing>}
      {rows.map((row) => (
        <Line
          key={row.id}
          row={row}
          said={`${row.confidence === null ? '–' : `${(100 * row.confidence).toFixed(0)} %`} · ${usd(usdOfNano(row.cost_nusd ?? 0))}`}
        />
      ))}
    </Sheet>
  )
}

/** Requests labelled or skipped since signing in. */
export function AnsweredList({ answered }: { readonly answered: readonly Answered[] }): ReactElement {
  const labelled = answered.filter(({ said }) => said !== 'skipped')
  const agreed = labelled.filter(({ row, said }) => row.class === said).length
  return (
    <Sheet
      title="Done"
      note={
        labelled.length === 0
          ? 'Labels are saved at once.'
          : `${labelled.length} labelled, ${agreed} as the classifier said.`
      }
    >
      {answered.length === 0 && <Nothing>Press 1, 2 or 3.</Nothing>}
      {answered.slice(0, 6).map(({ row, said }) => (
        <Line key={row.id} row={row} said={said === 'skipped' ? 'skipped' : CLASS_LOOKS[said].name} />
      ))}
    </Sheet>
  )
}

function Sheet({
  title,
  note,
  children,
}: {
  readonly title: string
  readonly note: string
  readonly children: ReactNode
}) {
  return (
    <Paper p="md" component="section" aria-label={title}>
      <Title order={2} size="sm">
        {title}
      </Title>
      <Text size="xs" className="quiet" mb="xs">
        {note}
      </Text>
      <Stack gap={2}>{children}</Stack>
    </Paper>
  )
}

function Line({ row, said }: { readonly row: QueuedRequest; readonly said: string }) {
  return (
    <Link href={`/requests/${row.id}`} className={classes.line}>
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Text size="sm" truncate dir="auto">
          {row.excerpt === null ? row.id : written(row.excerpt)}
        </Text>
        <Text size="xs" className={`quiet numbers ${classes.said}`}>
          {said}
        </Text>
      </Group>
    </Link>
  )
}

function Nothing({ children }: { readonly children: ReactNode }) {
  return (
    <Text size="sm" className="quiet">
      {children}
    </Text>
  )
}
