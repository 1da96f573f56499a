import { Badge, Button, Group, Table, Text } from '@mantine/core'
import { type ReactElement, useState } from 'react'
import type { TeamKey, TeamPage } from '../../../admin/api/answers/teams.ts'
import { Section } from '../../parts/section.tsx'
import { Empty } from '../../parts/state.tsx'
import { WideTable } from '../../parts/wide-table.tsx'
import { ago, moment } from '../../wording/times.ts'
import { CreateKeyDialog } from './create-key-dialog.tsx'
import classes from './key-section.module.css'
import { limitsInWords } from './limits.ts'
import { RevokeKeyDialog } from './revoke-key-dialog.tsx'
import { RotateKeyDialog } from './rotate-key-dialog.tsx'

interface Props {
  readonly page: TeamPage
  readonly mayChange: boolean
}

type Wish = { readonly does: 'create' } | { readonly does: 'rotate' | 'revoke'; readonly id: string }

/** The keys of a team, never their secrets. */
export function KeySection({ page, mayChange }: Props): ReactElement {
  const { team, keys } = page
  const [wish, setWish] = useState<Wish>()
  const close = () => setWish(undefined)
  return (
    <Section
      title="Keys"
      about="Only their hashes are kept: a key is shown once, when it is created"
      tools={
        mayChange && (
          <Button variant="default" onClick={() => setWish({ does: 'create' })}>
            Create a key
          </Button>
        )
      }
    >
      {keys.length === 0 ? (
        <Empty title="No keys" height={120}>
          Nobody can send requests for this team.
        </Empty>
      ) : (
        <WideTable name="Keys" least={560} verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>key</Table.Th>
              <Table.Th>SHA-256</Table.Th>
              <Table.Th>limits</Table.Th>
              <Table.Th className={classes.whole}>last used</Table.Th>
              <Table.Th>expires</Table.Th>
              {mayChange && <Table.Th aria-label="what may be done" />}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {keys.map((key) => (
              <Table.Tr key={key.id}>
                <Table.Td fw={550} className={classes.name}>
                  {key.id}
                </Table.Td>
                <Table.Td>
                  <Text size="xs" ff="monospace" className="quiet">
                    {key.fingerprint}…
                  </Text>
                </Table.Td>
                <Table.Td>
                  <Text size="xs">{limitsInWords(key.limits)}</Text>
                </Table.Td>
                <Table.Td className={classes.whole}>
                  <LastUse at={key.last_used} />
                </Table.Td>
                <Table.Td className={classes.whole}>
                  <Expiry of={key} />
                </Table.Td>
                {mayChange && (
                  <Table.Td>
                    <Group gap={4} justify="flex-end" wrap="nowrap">
                      <Button
                        variant="subtle"
                        size="compact-xs"
                        disabled={key.expired}
                        onClick={() => setWish({ does: 'rotate', id: key.id })}
                      >
                        Rotate
                      </Button>
                      <Button
                        variant="subtle"
                        size="compact-xs"
                        onClick={() => setWish({ does: 'revoke', id: key.id })}
                      >
                        Revoke
                      </Button>
                    </Group>
                  </Table.Td>
                )}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </WideTable>
      )}
      {wish?.does === 'create' && <CreateKeyDialog team={team} close={close} />}
      {wish?.does === 'rotate' && <RotateKeyDialog team={team} id={wish.id} close={close} />}
      {wish?.does === 'revoke' && <RevokeKeyDialog team={team} id={wish.id} close={close} />}
    </Section>
  )
}

function LastUse({ at }: { readonly at: TeamKey['last_used'] }) {
  return at === null ? (
    <Text size="xs" className="quiet">
      never
    </Text>
  ) : (
    <Text size="xs" title={moment(at)}>
      {ago(at)}
    </Text>
  )
}

function Expiry({ of: { expires, expired } }: { readonly of: TeamKey }) {
  if (expires === null) {
    return (
      <Text size="xs" className="quiet">
        never
      </Text>
    )
  }
  return expired ? <Badge color="red">expired</Badge> : <Text size="xs">{ago(expires)}</Text>
}
