import { SimpleGrid, Stack, Text } from '@mantine/core'
import type { ReactElement, ReactNode } from 'react'
import type { ReplayReport } from '../../../admin/api/answers/tuning.ts'
import { signedUsd, usd, usdOfNano } from '../../wording/money.ts'
import { count, counted, percent, points } from '../../wording/numbers.ts'

interface Props {
  readonly report: Pick<ReplayReport, 'moved' | 'replayed' | 'models' | 'labelled'>
  /** What was done with the rows that could be replayed. */
  readonly done?: string
}

/**
 * The three figures that matter: how many requests would move, what that would cost, and whether more would
 * be right.
 */
export function ReplayFigures({ report, done = 'decided again' }: Props): ReactElement {
  const { moved, replayed, models, labelled } = report
  const before = models.reduce((sum, move) => sum + move.cost_nusd, 0)
  const after = models.reduce((sum, move) => sum + move.new_cost_nusd, 0)
  return (
    <SimpleGrid cols={2} spacing="md">
      <Figure name="would move" figure={count(moved)}>
        {percent(moved / Math.max(1, replayed), 1)} of {count(replayed)} {done}
      </Figure>
      <Figure
        name="would cost"
        figure={signedUsd(usdOfNano(after - before))}
        good={after < before}
        bad={after > before}
      >
        {before === 0 && after === 0
          ? 'no request changes its model'
          : `${usd(usdOfNano(before))} → ${usd(usdOfNano(after))}, the same tokens`}
      </Figure>
      {labelled === null ? (
        <Figure name="accuracy" figure="–">
          none of them is labelled
        </Figure>
      ) : (
        <Figure
          isWide
          name={`accuracy on ${counted(labelled.rows, 'label')}`}
          figure={`${points(labelled.difference)} points`}
          good={labelled.difference > 0}
          bad={labelled.difference < 0}
        >
          {percent(labelled.live, 1)} → {percent(labelled.candidate, 1)}, 95 %: {points(labelled.interval[0])}{' '}
          to {points(labelled.interval[1])}; {labelled.gained} won, {labelled.lost} lost
        </Figure>
      )}
    </SimpleGrid>
  )
}

interface FigureProps {
  readonly name: string
  readonly figure: string
  readonly good?: boolean
  readonly bad?: boolean
  readonly isWide?: boolean
  readonly children: ReactNode
}

function Figure({ name, figure, good = false, bad = false, isWide = false, children }: FigureProps) {
  const color = good ? 'var(--good)' : bad ? 'var(--bad)' : undefined
  return (
    <Stack gap={0} style={isWide ? { gridColumn: '1 / -1' } : {}}>
      <Text size="xs" className="quiet">
        {name}
      </Text>
      <Text className="numbers" fz={22} fw={620} lh={1.35} {...(color !== undefined && { c: color })}>
        {figure}
      </Text>
      <Text size="xs" className="quiet numbers">
        {children}
      </Text>
    </Stack>
  )
}
