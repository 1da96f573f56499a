import { Table, Text } from '@mantine/core'
import type { ReactElement } from 'react'
import type { Me } from '../../../admin/api/answers/me.ts'
import { ClassMark } from '../../parts/class-mark.tsx'
import { OutcomeMark } from '../../parts/outcome-mark.tsx'
import { Section } from '../../parts/section.tsx'
import { Empty } from '../../parts/state.tsx'
import { WideTable } from '../../parts/wide-table.tsx'
import { usd, usdOfNano } from '../../wording/money.ts'
import { ago } from '../../wording/times.ts'

/** The newest requests of a key. */
export function OwnRequests({ requests }: Pick<Me, 'requests'>): ReactElement {
  return (
    <Section title="Newest requests">
      {requests.length === 0 ? (
        <Empty title="No requests yet" height={120}>
          Requests made with this key appear here.
        </Empty>
      ) : (
        <WideTable name="Newest requests" least={640} verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>when</Table.Th>
              <Table.Th>asked</Table.Th>
              <Table.Th>class</Table.Th>
              <Table.Th>model</Table.Th>
              <Table.Th ta="right">cost</Table.Th>
              <Table.Th>outcome</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {requests.map((row) => (
              <Table.Tr key={row.id}>
                <Table.Td className="numbers quiet" style={{ whiteSpace: 'nowrap' }}>
                  {ago(row.at)}
                </Table.Td>
                <Table.Td maw={0} w="50%">
                  <Text size="sm" truncate dir="auto">
                    {row.excerpt ?? row.id}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <ClassMark of={row.class} short />
                </Table.Td>
                <Table.Td style={{ whiteSpace: 'nowrap' }}>{row.target ?? '–'}</Table.Td>
                <Table.Td ta="right" className="numbers">
                  {row.cost_nusd === null ? '–' : usd(usdOfNano(row.cost_nusd))}
                </Table.Td>
                <Table.Td>
                  <OutcomeMark of={row.outcome} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </WideTable>
      )}
    </Section>
  )
}
