import { Table, type TableProps } from '@mantine/core'
import { useResizeObserver } from '@mantine/hooks'
import type { ReactElement } from 'react'
import classes from './wide-table.module.css'

interface Props extends TableProps {
  /** What it lists, for screen readers. */
  readonly name: string
  /**
   * Width in pixels below which the table is no longer squeezed but scrolls within its frame: by touch, wheel
   * and keyboard.
   */
  readonly least: number
}

/** A table that is never wider than its container. */
export function WideTable({ name, least, ...table }: Props): ReactElement {
  const [frame, { width }] = useResizeObserver<HTMLDivElement>()
  const isScrolled = width > 0 && width < least
  const forKeyboard = isScrolled ? { role: 'region', 'aria-label': name, tabIndex: 0 } : {}
  return (
    <div ref={frame} className={classes.frame} {...forKeyboard}>
      <Table aria-label={name} miw={least} {...table} />
    </div>
  )
}
