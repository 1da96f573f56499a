import { Group, Table, Text } from '@mantine/core'
import type { ReactElement } from 'react'
import type { ReplayReport } from '../../../admin/api/answers/tuning.ts'
import { isPromptClass } from '../../../base/prompt-class.ts'
import { CLASS_LOOKS } from '../../parts/class-names.ts'
import { WideTable } from '../../parts/wide-table.tsx'
import { signedUsd, usdOfNano } from '../../wording/money.ts'
import { count } from '../../wording/numbers.ts'
import classes from './move-table.module.css'

type Move = ReplayReport['classes'][number]

interface Props {
  readonly title: string
  readonly moves: readonly Move[]
}

/** Requests that would be routed differently, grouped by source and destination; bars compare the groups. */
export function MoveTable({ title, moves }: Props): ReactElement {
  const most = Math.max(1, ...moves.map(({ rows }) => rows))
  return (
    <WideTable name={title} least={360} verticalSpacing={5}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{title}</Table.Th>
          <Table.Th w="26%">requests</Table.Th>
          <Table.Th ta="right">cost</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {moves.map((move) => (
          <Table.Tr key={`${move.from} ${move.to}`}>
            <Table.Td>
              <Group gap={6} wrap="nowrap">
                <Place name={move.from} />
                <Text span className="quiet">
                  →
                </Text>
                <Place name={move.to} />
              </Group>
            </Table.Td>
            <Table.Td>
              <Group gap="xs" wrap="nowrap">
                <div
                  className={classes.bar}
                  style={{ width: `${(60 * move.rows) / most}%`, background: colourOf(move.to) }}
                />
                <Text size="sm" className="numbers">
                  {count(move.rows)}
                </Text>
              </Group>
            </Table.Td>
            <Table.Td ta="right" className="numbers">
              {move.priced === 0 ? '–' : signedUsd(usdOfNano(move.new_cost_nusd - move.cost_nusd))}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  )
}

/** A class or a model. */
function Place({ name }: { readonly name: string }) {
  return (
    <Text span size="sm" className={classes.place}>
      {isPromptClass(name) ? CLASS_LOOKS[name].short : name}
    </Text>
  )
}

function colourOf(name: string): string {
  return isPromptClass(name) ? CLASS_LOOKS[name].colour : 'var(--quiet)'
}
