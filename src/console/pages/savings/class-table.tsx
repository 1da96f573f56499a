import { Table, Text } from '@mantine/core'
import type { ReactElement } from 'react'
import type { Savings } from '../../../admin/api/answers/savings.ts'
import { ClassMark } from '../../parts/class-mark.tsx'
import { Section } from '../../parts/section.tsx'
import { WideTable } from '../../parts/wide-table.tsx'
import { usdPlaces } from '../../wording/money.ts'
import { compact, count, percent } from '../../wording/numbers.ts'
import classes from './savings.module.css'

type Sums = Savings['total']

/** Each class's cost, its baseline cost, and the parts of the difference that are uncertain. */
export function ClassTable({ classes: rows, total, baseline_models: models }: Savings): ReactElement {
  const places = placesFor(Math.max(total.cost_usd, total.baseline_usd))
  const widest = Math.max(...rows.map((row) => Math.max(row.baseline_usd, row.cost_usd)), 1e-9)
  return (
    <Section
      title="By class"
      about={`Paid, and what the same tokens would have cost on ${models.join(', ')}`}
    >
      <WideTable
        name="By class"
        least={700}
        className={classes.table ?? ''}
        verticalSpacing={10}
        horizontalSpacing="sm"
      >
        <Table.Thead className={classes.head ?? ''}>
          <Table.Tr>
            <Table.Th>Class</Table.Th>
            <Table.Th className={classes.bars ?? ''}>Paid and baseline</Table.Th>
            <Table.Th ta="right">Compared</Table.Th>
            <Table.Th ta="right">Paid</Table.Th>
            <Table.Th ta="right">Baseline</Table.Th>
            <Table.Th ta="right">Saved</Table.Th>
            <Table.Th ta="right">Reasoning</Table.Th>
            <Table.Th ta="right">Cache lost</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.class}>
              <Table.Th scope="row" fw={500}>
                <ClassMark of={row.class} />
              </Table.Th>
              <Table.Td className={classes.bars ?? ''}>
                <Bars paid={row.cost_usd / widest} baseline={row.baseline_usd / widest} />
              </Table.Td>
              <Cells sums={row} places={places} />
            </Table.Tr>
          ))}
        </Table.Tbody>
        <Table.Tfoot>
          <Table.Tr className={classes.sums ?? ''}>
            <Table.Th scope="row">All</Table.Th>
            <Table.Td className={classes.bars ?? ''} />
            <Cells sums={total} places={places} />
          </Table.Tr>
        </Table.Tfoot>
      </WideTable>
    </Section>
  )
}

function Cells({ sums, places }: { readonly sums: Sums; readonly places: number }): ReactElement {
  const better = sums.saved_usd > 0
  return (
    <>
      <Table.Td ta="right">{count(sums.compared)}</Table.Td>
      <Table.Td ta="right">{usdPlaces(sums.cost_usd, places)}</Table.Td>
      <Table.Td ta="right">{usdPlaces(sums.baseline_usd, places)}</Table.Td>
      <Table.Td ta="right">
        <Text size="sm" fw={550} {...(better ? { c: 'var(--good)' } : {})}>
          {usdPlaces(sums.saved_usd, places)}
        </Text>
        <Text size="xs" className="quiet">
          {sums.share === null ? '–' : percent(sums.share, 1)}
        </Text>
      </Table.Td>
      <Doubt dollars={usdPlaces(sums.reasoning_usd, places)} tokens={sums.reasoning_tokens} />
      <Doubt dollars={usdPlaces(sums.cached_lost_usd, places)} tokens={sums.cached_lost_tokens} />
    </>
  )
}

function Doubt({ dollars, tokens }: { readonly dollars: string; readonly tokens: number }): ReactElement {
  return (
    <Table.Td ta="right">
      {dollars}
      <Text size="xs" className="quiet">
        {compact(tokens)} tokens
      </Text>
    </Table.Td>
  )
}

function Bars({ paid, baseline }: { readonly paid: number; readonly baseline: number }): ReactElement {
  return (
    <svg width="100%" height="16" aria-hidden="true">
      <rect y="1" height="6" rx="2" width={`${100 * paid}%`} fill="var(--mantine-color-text)" />
      <rect y="9" height="6" rx="2" width={`${100 * baseline}%`} fill="var(--unclassified)" />
    </svg>
  )
}

/** As many decimals as the largest sum calls for, the same for all, so that columns align. */
function placesFor(largest: number): number {
  if (largest >= 100) return 2
  return largest >= 1 ? 4 : 6
}
