import { Button } from '@mantine/core'
import type { ReactElement } from 'react'
import type { LiveRequests } from '../../api/use-live-requests.ts'
import classes from './requests.module.css'

const NAMES: Readonly<Record<LiveRequests['state'], string>> = {
  off: 'Still',
  connecting: 'Connecting',
  live: 'Live',
  lost: 'Connection lost',
}

/** Whether new requests appear by themselves. */
export function LiveSwitch({
  state,
  toggle,
}: {
  readonly state: LiveRequests['state']
  toggle(): void
}): ReactElement {
  return (
    <Button
      variant="default"
      aria-pressed={state !== 'off'}
      onClick={toggle}
      leftSection={<span className={classes.beacon} data-state={state} />}
    >
      {NAMES[state]}
    </Button>
  )
}
