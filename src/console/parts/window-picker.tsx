import { Group, SegmentedControl, Select } from '@mantine/core'
import type { ReactElement } from 'react'
import { useSearchParams } from 'wouter'
import { useTeamNames } from '../api/team-names.ts'

const WINDOWS = ['24h', '7d', '30d'] as const
export type Window = (typeof WINDOWS)[number]

export const HOURS: Readonly<Record<Window, number>> = { '24h': 24, '7d': 168, '30d': 720 }

interface Look {
  readonly window: Window
  /** Undefined: all teams. */
  readonly team: string | undefined
}

/** The period and team selected by the URL. */
export function useLook(): Look {
  const [search] = useSearchParams()
  const said = search.get('window')
  return { window: WINDOWS.find((each) => each === said) ?? '24h', team: search.get('team') ?? undefined }
}

/** Team and period, kept in the URL, so that a link shows what its sender saw. */
export function WindowPicker(): ReactElement {
  const { window, team } = useLook()
  const [, setSearch] = useSearchParams()
  const teams = useTeamNames(team)
  const set = (name: string, value: string | null) =>
    setSearch((search) => {
      if (value === null) search.delete(name)
      else search.set(name, value)
      return search
    })
  return (
    <Group gap="xs">
      <Select
        aria-label="Team"
        placeholder="All teams"
        data={[...teams]}
        value={team ?? null}
        onChange={(value) => set('team', value)}
        clearable
        searchable
        w={160}
      />
      <SegmentedControl
        aria-label="Time"
        data={[...WINDOWS]}
        value={window}
        onChange={(value) => set('window', value)}
      />
    </Group>
  )
}
