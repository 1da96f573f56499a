import { Anchor, Group, Table, Text } from '@mantine/core'
import type { ReactElement } from 'react'
import { Link } from 'wouter'
import type { ReplayReport } from '../../../admin/api/answers/tuning.ts'
import { CLASS_LOOKS } from '../../parts/class-names.ts'
import { WideTable } from '../../parts/wide-table.tsx'
import { signedUsd, usdOfNano } from '../../wording/money.ts'
import { percent } from '../../wording/numbers.ts'

type Mover = ReplayReport['biggest'][number]

/** The requests whose cost would change most; each links to its page. */
export function MoverTable({ movers }: { readonly movers: readonly Mover[] }): ReactElement {
  return (
    <WideTable name="Biggest movers" least={660} verticalSpacing={6} highlightOnHover>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>request</Table.Th>
          <Table.Th>team</Table.Th>
          <Table.Th>class</Table.Th>
          <Table.Th>model</Table.Th>
          <Table.Th ta="right">sure</Table.Th>
          <Table.Th ta="right">cost</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {movers.map((mover) => (
          <Table.Tr key={mover.id}>
            <Table.Td>
              <Anchor
                component={Link}
                href={`/requests/${mover.id}`}
                size="sm"
                ff="monospace"
                underline="always"
              >
                {`…${mover.id.slice(-8)}`}
              </Anchor>
            </Table.Td>
            <Table.Td>{mover.team}</Table.Td>
            <Table.Td>
              <Change from={CLASS_LOOKS[mover.from].short} to={CLASS_LOOKS[mover.to].short} />
            </Table.Td>
            <Table.Td>
              <Change from={mover.model} to={mover.new_model ?? 'none'} />
            </Table.Td>
            <Table.Td ta="right" className="numbers">
              {percent(mover.confidence)} → {percent(mover.new_confidence)}
            </Table.Td>
            <Table.Td ta="right" className="numbers">
              {mover.cost_nusd === null || mover.new_cost_nusd === null
                ? '–'
                : signedUsd(usdOfNano(mover.new_cost_nusd - mover.cost_nusd))}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  )
}

function Change({ from, to }: { readonly from: string; readonly to: string }) {
  if (from === to) return <Text size="sm">{to}</Text>
  return (
    <Group gap={6} wrap="nowrap">
      <Text size="sm" className="quiet">
        {from}
      </Text>
      <Text size="sm" className="quiet">
        →
      </Text>
      <Text size="sm">{to}</Text>
    </Group>
  )
}
