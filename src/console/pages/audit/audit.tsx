import { Anchor, Button, Center, Paper, Table, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import type { ReactElement } from 'react'
import { Link } from 'wouter'
import { Audit, type AuditEntry } from '../../../admin/api/answers/audit.ts'
import { useClient } from '../../api/use-api.ts'
import { PageFrame } from '../../parts/page-frame.tsx'
import { Empty, Failed, Loading } from '../../parts/state.tsx'
import { WideTable } from '../../parts/wide-table.tsx'
import { moment } from '../../wording/times.ts'
import classes from './audit.module.css'

const DID: Readonly<Record<AuditEntry['action'], string>> = {
  login: 'signed in',
  label: 'labelled',
  key_created: 'created key',
  key_rotated: 'rotated key',
  key_revoked: 'revoked key',
  raise_granted: 'raised',
  raise_revoked: 'ended the raise of',
  candidate_made: 'made candidate',
  promote: 'promoted',
  rollback: 'rolled back to',
  shadow: 'set as shadow',
}

const PATH = '/api/audit'

/** Who did what; entries are never removed. */
export default function AuditPage(): ReactElement {
  const client = useClient()
  const audit = useInfiniteQuery({
    queryKey: [PATH],
    queryFn: ({ pageParam, signal }) => client.get(Audit, PATH, { cursor: pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: ({ next_cursor }) => next_cursor,
  })
  return (
    <PageFrame
      title="Audit"
      about="Who signed in, labelled, created keys, raised budgets, promoted. Nothing is ever removed."
    >
      {audit.data !== undefined ? (
        <Paper p="md">
          <Lines entries={audit.data.pages.flatMap(({ data }) => data)} />
          {audit.hasNextPage && (
            <Center mt="md">
              <Button
                variant="default"
                loading={audit.isFetchingNextPage}
                onClick={() => void audit.fetchNextPage()}
              >
                Older
              </Button>
            </Center>
          )}
        </Paper>
      ) : audit.error !== null ? (
        <Failed error={audit.error} again={() => void audit.refetch()} />
      ) : (
        <Loading what="the audit" />
      )}
    </PageFrame>
  )
}

function Lines({ entries }: { readonly entries: readonly AuditEntry[] }) {
  if (entries.length === 0) return <Empty title="Nothing yet" />
  return (
    <WideTable name="Audit" least={720} verticalSpacing={7}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>when</Table.Th>
          <Table.Th>who</Table.Th>
          <Table.Th>did</Table.Th>
          <Table.Th>to</Table.Th>
          <Table.Th>details</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {entries.map((entry, index) => (
          <Table.Tr key={entries.length - index}>
            <Table.Td className={`numbers quiet ${classes.whole}`}>{moment(entry.at)}</Table.Td>
            <Table.Td fw={550}>{entry.who}</Table.Td>
            <Table.Td className={classes.whole}>{DID[entry.action]}</Table.Td>
            <Table.Td>
              <Subject of={entry} />
            </Table.Td>
            <Table.Td>
              <Text size="sm" lineClamp={2}>
                {entry.detail}
              </Text>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  )
}

function Subject({ of: { action, subject } }: { readonly of: AuditEntry }) {
  const text = (
    <Text span size="sm" ff="monospace">
      {subject}
    </Text>
  )
  if (action !== 'label') return text
  return (
    <Anchor component={Link} href={`/requests/${subject}`} underline="always">
      {text}
    </Anchor>
  )
}
