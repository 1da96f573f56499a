import { Button, CopyButton } from '@mantine/core'
import type { ReactElement } from 'react'
import type { RequestPage } from '../../../admin/api/answers/request-page.ts'
import { Section } from '../../parts/section.tsx'
import classes from './request.module.css'

/** The whole row as stored in the ledger. */
export function RawRow({ row }: Pick<RequestPage, 'row'>): ReactElement {
  const text = JSON.stringify(row, null, 2)
  return (
    <Section
      title="The row"
      about="Everything the ledger holds about it"
      tools={
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {copied ? 'Copied' : 'Copy JSON'}
            </Button>
          )}
        </CopyButton>
      }
    >
      <details>
        <summary className={classes.summary}>Show JSON</summary>
        <pre className={classes.raw}>{text}</pre>
      </details>
    </Section>
  )
}
