import { ActionIcon, AppShell, Burger, Group, Text, Tooltip } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { ReactElement, ReactNode } from 'react'
import { useLocation } from 'wouter'
import { may, type Session, useSignOut } from '../api/session.ts'
import { useKeys } from '../keys/use-keys.ts'
import { PAGES } from '../pages.ts'
import { Icon } from '../parts/icon.tsx'
import { Mark } from '../parts/mark.tsx'
import { GroundSwitch } from './ground-switch.tsx'
import { KeyList } from './key-list.tsx'
import { Navigation } from './navigation.tsx'
import classes from './shell.module.css'

/** The frame around every page. */
export function Shell({
  session,
  children,
}: {
  readonly session: Session
  readonly children: ReactNode
}): ReactElement {
  const [, go] = useLocation()
  const [menu, { toggle, close: closeMenu }] = useDisclosure()
  const [keys, { open: openKeys, close: closeKeys }] = useDisclosure()
  const signOut = useSignOut()
  const pages = PAGES.filter(({ role }) => may(session.role, role))
  useKeys([
    ...pages.flatMap(({ path, inNavigation: entry }) =>
      entry === undefined
        ? []
        : [{ keys: `g ${entry.key}`, does: `Go to ${entry.name}`, run: () => go(path) }],
    ),
    { keys: '?', does: 'Show these keys', run: openKeys },
  ])
  return (
    <AppShell
      header={{ height: 52, collapsed: false, offset: true }}
      navbar={{ width: 216, breakpoint: 'sm', collapsed: { mobile: !menu } }}
      layout="alt"
      classNames={{ navbar: classes.side ?? '', header: classes.bar ?? '', main: classes.main ?? '' }}
    >
      <a className={classes.skip} href="#page">
        Skip to the page
      </a>
      <AppShell.Header hiddenFrom="sm">
        <Group h="100%" px="md" gap="sm">
          <Burger opened={menu} onClick={toggle} size="sm" aria-label="Pages" />
          <Mark />
          <Text fw={600}>Trivium</Text>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar>
        <Group className={classes.brand ?? ''} gap="xs" justify="space-between">
          <Group gap="xs">
            <Mark />
            <Text fw={620} size="lg">
              Trivium
            </Text>
          </Group>
          <Burger opened={menu} onClick={toggle} size="sm" aria-label="Pages" hiddenFrom="sm" />
        </Group>
        <Navigation pages={pages} onGo={closeMenu} />
        <div className={classes.foot}>
          <div className={classes.who}>
            <Text size="sm" fw={550} truncate title={session.name ?? undefined}>
              {session.name}
            </Text>
            <Text size="xs" className="quiet" truncate>
              {session.role === 'holder' ? 'key holder' : session.role} · {session.version}
            </Text>
          </div>
          <Group gap={2} wrap="nowrap">
            <GroundSwitch />
            <Tool label="Keys" onClick={openKeys} icon="help" />
            <Tool label="Sign out" onClick={() => signOut.mutate()} icon="leave" />
          </Group>
        </div>
      </AppShell.Navbar>
      <AppShell.Main id="page" tabIndex={-1}>
        {children}
      </AppShell.Main>
      <KeyList opened={keys} close={closeKeys} />
    </AppShell>
  )
}

function Tool({
  label,
  onClick,
  icon,
}: {
  readonly label: string
  onClick(): void
  readonly icon: 'help' | 'leave'
}): ReactElement {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" size="md" onClick={onClick} aria-label={label}>
        <Icon name={icon} />
      </ActionIcon>
    </Tooltip>
  )
}
